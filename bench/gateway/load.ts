import { Pool } from 'undici';

export interface Target {
  readonly port: number;
  readonly apiKey: string;
  readonly body: Buffer;
}

export interface Slice {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
}

/** Closed loop: `connections` requests are always under way, for a bounded time. */
export async function runSlice(target: Target, connections: number, seconds: number): Promise<Slice> {
  const pool = new Pool(`http://127.0.0.1:${target.port}`, { connections, pipelining: 1 });
  const latencies: number[] = [];
  let failures = 0;
  const start = performance.now();
  const stop = start + seconds * 1000;
  const worker = async () => {
    while (performance.now() < stop) {
      const began = performance.now();
      const status = await ask(pool, target).catch(() => 0);
      if (status === 200) latencies.push(performance.now() - began);
      else failures++;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const elapsed = (performance.now() - start) / 1000;
  await pool.close();
  return { requests: latencies.length, failures, seconds: elapsed, latencies: Float64Array.from(latencies).sort() };
}

function ask(pool: Pool, target: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    pool.dispatch(
      {
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${target.apiKey}` },
        body: target.body,
      },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData() {},
        onResponseEnd: () => resolve(status),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
