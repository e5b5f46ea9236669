/** What is measured: something that stands between the load and the upstream. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  /** Sent with each request, beside content-type and length. */
  readonly headers: Readonly<Record<string, string>>;
  /** The processes that stand in the request's way, pinned to the measured core. Empty for `direct`. */
  readonly pids: readonly number[];
  /** The process below which everything is that belongs to it; null for `direct`. */
  readonly root: number | null;
  stop(): Promise<void>;
}

/** A subject that is not here: why, and how to get it. */
export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

/** Head and body of a request to it, whole. */
export function requestBytes({ path, headers, port }: Subject, body: Buffer): Buffer {
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'content-length': String(body.length),
    ...headers,
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n`), body]);
}
