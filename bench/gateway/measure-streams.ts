import { cpuMicros } from './process-cpu.ts';
import { runStreams, type StreamRun } from './run-streams.ts';
import { chatBody } from './sizes.ts';
import type { Subject } from './subject.ts';
import { waitRest } from './wait-rest.ts';

export interface StreamCell extends StreamRun {
  readonly subject: string;
  readonly streams: number;
  /** Of the measured process, with all that a stream costs; null for `direct`. */
  readonly cpuMicrosPerChunk: number | null;
  /** How many such streams fill one core. */
  readonly streamsPerCore: number | null;
}

/** Fifty tokens a second for five seconds. */
export const STREAM = { chunks: 250, everyMs: 20 };

export async function measureStreams(subject: Subject, streams: number): Promise<StreamCell> {
  const used = () => subject.pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = used();
  const run = await runStreams(subject, { body: chatBody(1, true), streams, ...STREAM });
  const cpu = used() - before;
  const isDirect = subject.root === null;
  const perChunk = isDirect ? null : cpu / run.chunks;
  await waitRest(subject);
  return {
    subject: subject.name,
    streams,
    ...run,
    cpuMicrosPerChunk: perChunk,
    streamsPerCore: perChunk === null ? null : 1_000_000 / (perChunk * (1000 / STREAM.everyMs)),
  };
}
