import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../kit/index.ts';
import type { LogDescription, ReceiptKeyDescription, ReceiptView } from '../ledger/ports.ts';
import type { LogSource } from '../ledger/verify/index.ts';

/** What a verifier starts from: `GET /.well-known/polity`. */
export interface Description {
  readonly receiptKeys: readonly ReceiptKeyDescription[];
  readonly logs: readonly LogDescription[];
}

const TIMEOUT_MS = 30_000;

/** Null on 404; everything else that is no 200 is a problem. */
async function get(url: string): Promise<Uint8Array | null> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
      headers: { 'cache-control': 'no-cache' },
    });
  } catch (cause) {
    throw new Problem(
      'upstream-failed',
      `${url} cannot be reached; start the instance, or name another with \`--url\``,
      { cause },
    );
  }
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw new Problem('upstream-failed', `${url} answered with status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

export async function readDescription(url: string): Promise<Description> {
  const bytes = await get(`${url}/.well-known/polity`);
  if (bytes === null) throw new Problem('not-found', `${url} is no Polity: it has no /.well-known/polity`);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Description;
}

export async function readReceiptAt(url: string, id: string): Promise<ReceiptView> {
  const bytes = await get(`${url}/v1/receipts/${id}`);
  if (bytes === null) throw new Problem('not-found', `${url} has no receipt \`${id}\``);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as ReceiptView;
}

/** A log below its HTTP prefix. */
export function httpSource(url: string, prefix: string): LogSource {
  return { read: (path) => get(`${url}${prefix}/${path}`) };
}

/** A log that was exported into a folder. */
export function folderSource(folder: string): LogSource {
  return {
    async read(path) {
      try {
        return new Uint8Array(await readFile(join(folder, path)));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw cause;
      }
    },
  };
}

/** Logs of a family, or the one of this name. @throws Problem */
export function chooseLogs(description: Description, wanted: string): readonly LogDescription[] {
  const found = description.logs.filter(({ name, family }) => name === wanted || family === wanted);
  if (found.length > 0) return found;
  const names = description.logs.map(({ name }) => `\`${name}\``).join(', ');
  throw new Problem('not-found', `there is no log \`${wanted}\`; there are ${names}`);
}
