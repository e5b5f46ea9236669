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
  onProgress(progress: Progress): void;
}

const REDIRECTS_MAX = 5;
const SILENCE_MS = 30_000;

/** Loads a file over HTTP, from where an earlier try stopped if the server still has the same file. @throws Error */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const mark = `${options.part}.etag`;
  const begun = existsSync(options.part) && existsSync(mark) ? statSync(options.part).size : 0;
  const etag = begun > 0 ? readFileSync(mark, 'utf8') : '';
  const conditions = begun > 0 ? { range: `bytes=${begun}-`, 'if-range': etag } : {};
  const answer = await follow(options.url, conditions);
  const isRest = answer.statusCode === 206;
  if (answer.statusCode === 416) {
    // What is there is longer than the file: it is another one.
    await answer.body.dump();
    rmSync(options.part, { force: true });
    return await downloadFile(options);
  }
  if (answer.statusCode !== 200 && !isRest) {
    await answer.body.dump();
    throw new Error(`the server answered with status ${answer.statusCode}`);
  }
  // Only a strong tag says that the bytes are the same.
  const strong = String(answer.headers.etag ?? '');
  if (strong.startsWith('"')) writeFileSync(mark, strong);
  else rmSync(mark, { force: true });
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  const start = isRest ? begun : 0;
  const total = Number.isNaN(length) ? null : start + length;
  let bytes = start;
  await pipeline(
    answer.body,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        bytes += chunk.length;
        options.onProgress({ bytes, total });
        yield chunk;
      }
    },
    createWriteStream(options.part, { flags: isRest ? 'a' : 'w' }),
  );
  if (total !== null && bytes !== total)
    throw new Error(`the connection broke after ${bytes} of ${total} bytes; the next try goes on from there`);
  rmSync(mark, { force: true });
}

async function follow(url: string, headers: Record<string, string>) {
  let address = url;
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    const answer = await request(address, { headers, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
    const { location } = answer.headers;
    if (answer.statusCode < 301 || answer.statusCode > 308 || typeof location !== 'string') return answer;
    await answer.body.dump();
    address = new URL(location, address).href;
  }
  throw new Error('the server redirects in a circle');
}
