import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection.ts';
import { quantile } from './quantile.ts';
import { requestBytes, type Subject } from './subject.ts';

export interface StreamLoad {
  readonly body: Buffer;
  readonly streams: number;
  /** Of each stream, and how far apart they are. */
  readonly chunks: number;
  readonly everyMs: number;
}

export interface StreamRun {
  /** Streams that came whole, with `[DONE]`. */
  readonly whole: number;
  readonly failed: number;
  readonly chunks: number;
  /** From the moment the upstream wrote a chunk to the moment we read it, milliseconds. */
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Beyond the length of a stream: who has not delivered by then is cut off, and its streams count as failed. */
const PATIENCE_MS = 6_000;
/** Streams begin one after another within this time, so that their chunks do not fall together. */
const SPREAD_MS = 1_000;

/** A closed set of streams, side by side. */
export async function runStreams(subject: Subject, load: StreamLoad): Promise<StreamRun> {
  const request = requestBytes(subject, load.body);
  const late: number[] = [];
  let whole = 0;
  const connections = Array.from({ length: load.streams }, () => new Connection(subject.port));
  const stream = async (connection: Connection, position: number) => {
    await delay((position * SPREAD_MS) / load.streams);
    let tail = '';
    const before = late.length;
    let isDone = false;
    let chunks = 0;
    const onBody = (chunk: Buffer) => {
      const text = tail + chunk.toString('latin1');
      const end = text.lastIndexOf('\n') + 1;
      tail = text.slice(end);
      chunks += readStamps(text.slice(0, end), late);
      isDone ||= text.includes('data: [DONE]');
    };
    const answer = await connection.ask(request, { onBody }).catch(() => null);
    if (answer?.status === 200 && isDone && chunks === load.chunks && late.length > before) whole++;
  };
  const all = Promise.all(connections.map(stream));
  const deadlineMs = SPREAD_MS + load.chunks * load.everyMs + PATIENCE_MS;
  const closeAll = () => {
    for (const connection of connections) connection.close();
  };
  const timer = setTimeout(closeAll, deadlineMs);
  await all;
  clearTimeout(timer);
  closeAll();
  const sorted = Float64Array.from(late).sort();
  return {
    whole,
    failed: load.streams - whole,
    chunks: late.length,
    lateMs: { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? Number.NaN },
  };
}

/** The monotonic clock is one for all processes of a machine. */
function readStamps(text: string, late: number[]): number {
  const [seconds, nanos] = process.hrtime();
  const nowMicros = seconds * 1_000_000 + nanos / 1000;
  let found = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const end = text.indexOf(';', at);
    const stamp = Number(text.slice(at + 1, end));
    if (end < 0 || Number.isNaN(stamp)) continue;
    late.push((nowMicros - stamp) / 1000);
    found++;
  }
  return found;
}
