import { createWriteStream, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';

export interface Progress {
  readonly bytes: number;
  /** Null while nobody has said how many there will be. */
  readonly total: number | null;
}

export interface DownloadOptions {
  readonly url: string;
  /** Grows while it loads; what is there from an earlier try is continued. */
  readonly part: string;
  /** More is not taken: a server without end must not fill the disk that the database needs. */
  readonly bytesMax: number;
  onProgress(progress: Progress): void;
}

const REDIRECTS_MAX = 5;
const SILENCE_MS = 30_000;

/** Loads a file over HTTP, from where an earlier try stopped if the server still has the same file. @throws Error */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const mark = `${options.part}.etag`;
  let begun = existsSync(options.part) && existsSync(mark) ? statSync(options.part).size : 0;
  let answer = await follow(
    options.url,
    begun > 0 ? { range: `bytes=${begun}-`, 'if-range': readFileSync(mark, 'utf8') } : {},
  );
  const isRest = answer.statusCode === 206 && startOf(answer.headers['content-range']) === begun;
  if (answer.statusCode === 416 || (answer.statusCode === 206 && !isRest)) {
    // What is there is longer than the file, or the server gives another piece than was asked for: begin anew.
    await answer.body.dump();
    begun = 0;
    answer = await follow(options.url, {});
  }
  if (answer.statusCode !== 200 && !isRest) {
    await answer.body.dump();
    throw new Error(`the server answered with status ${answer.statusCode}`);
  }
  // Only a strong tag says that the bytes are the same.
  const tag = String(answer.headers.etag ?? '');
  if (tag.startsWith('"')) writeFileSync(mark, tag);
  else rmSync(mark, { force: true });
  await writeBody(answer, { ...options, start: isRest ? begun : 0 });
  rmSync(mark, { force: true });
}

/** First byte of `bytes 100-199/200`, RFC 9110 section 14.4; null when it says none. */
function startOf(contentRange: string | string[] | undefined): number | null {
  const match = /^bytes (\d+)-/.exec(String(contentRange ?? ''));
  return match === null ? null : Number(match[1]);
}

class TooLong extends Error {
  constructor(bytesMax: number) {
    super(`the server sends more than the ${bytesMax} bytes that the file may have`);
  }
}

type Answer = Awaited<ReturnType<typeof request>>;

async function writeBody(
  answer: Answer,
  { part, bytesMax, onProgress, start }: DownloadOptions & { start: number },
): Promise<void> {
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  const total = Number.isNaN(length) ? null : start + length;
  let bytes = start;
  const counted = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new TooLong(bytesMax);
      onProgress({ bytes, total });
      yield chunk;
    }
  };
  try {
    await pipeline(answer.body, counted, createWriteStream(part, { flags: start > 0 ? 'a' : 'w' }));
  } catch (cause) {
    // Nothing of it can be gone on with.
    if (cause instanceof TooLong) rmSync(part, { force: true });
    if (cause instanceof TooLong) throw cause;
    const { code, name } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw new Error('the disk is full', { cause });
    throw new Error(`the connection broke after ${bytes} of ${total ?? 'unknown'} bytes (${code ?? name})`, { cause });
  }
}

async function follow(url: string, headers: Record<string, string>): Promise<Answer> {
  let address = url;
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    const answer = await request(address, { headers, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
    const { location } = answer.headers;
    if (answer.statusCode < 301 || answer.statusCode > 308 || typeof location !== 'string') return answer;
    await answer.body.dump();
    const next = new URL(location, address);
    if (next.protocol !== new URL(address).protocol && next.protocol !== 'https:')
      throw new Error('the server redirects to a connection that is not encrypted');
    address = next.href;
  }
  throw new Error('the server redirects in a circle');
}
