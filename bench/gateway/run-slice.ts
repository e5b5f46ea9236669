import { Connection } from './connection.ts';
import { quantile } from './quantile.ts';
import { isWholeAnswer } from './sizes.ts';
import { requestBytes, type Subject } from './subject.ts';

export interface Load {
  readonly body: Buffer;
  readonly connections: number;
  readonly seconds: number;
}

export interface Slice {
  readonly requests: number;
  /** Broken connections, other statuses than 200, bodies of another length. */
  readonly failures: number;
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
  /** Milliseconds by `x-request-id`, where the subject gives one and it was asked for. */
  readonly byRequest: ReadonlyMap<string, number>;
}

/**
 * Closed loop: `connections` requests are always under way, for a bounded time. Each answer is checked. The first one of each
 * connection is not counted: what a new connection costs is another question, and 64 of them are more than a hundredth of a slice.
 */
export async function runSlice(subject: Subject, load: Load, keepIds = false): Promise<Slice> {
  const request = requestBytes(subject, load.body);
  const connections = Array.from({ length: load.connections }, () => new Connection(subject.port));
  const latencies: number[] = [];
  const byRequest = new Map<string, number>();
  let failures = 0;
  await Promise.all(connections.map((connection) => connection.ask(request).catch(() => null)));
  const startedMs = performance.now();
  const stopMs = startedMs + load.seconds * 1000;
  const work = async (connection: Connection) => {
    let id: string | undefined;
    const listening = keepIds
      ? { onHead: (_status: number, head: string) => (id = /\r\nx-request-id: *([^\r]+)/i.exec(head)?.[1]) }
      : {};
    while (performance.now() < stopMs) {
      const beganMs = performance.now();
      const answer = await connection.ask(request, listening).catch(() => null);
      const tookMs = performance.now() - beganMs;
      if (answer?.status === 200 && isWholeAnswer(answer.bytes, load.body.length)) {
        latencies.push(tookMs);
        if (id !== undefined) byRequest.set(id, tookMs);
      } else {
        failures++;
        // Whatever refuses every connection must not turn the load into a busy loop.
        if (answer === null) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  await Promise.all(connections.map(work));
  const seconds = (performance.now() - startedMs) / 1000;
  for (const connection of connections) connection.close();
  const sorted = Float64Array.from(latencies).sort();
  return { requests: latencies.length, failures, seconds, latencies: sorted, byRequest };
}

export function percentiles({ latencies }: Slice): { p50: number; p99: number } {
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
