import { setTimeout as delay } from 'node:timers/promises';
import { cpuMicros } from './process-cpu.ts';
import { runStreams, type StreamRun } from './run-streams.ts';
import { chatBody } from './sizes.ts';
import type { Subject } from './subject.ts';

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
const CALM_SHARE = 0.05;
const CALM_STEPS = 40;
const CALM_MS = 250;

export async function measureStreams(subject: Subject, streams: number): Promise<StreamCell> {
  const used = () => subject.pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = used();
  const run = await runStreams(subject, { body: chatBody(1, true), streams, ...STREAM });
  const cpu = used() - before;
  const isDirect = subject.root === null;
  const perChunk = isDirect ? null : cpu / run.chunks;
  await calmDown(used);
  return {
    subject: subject.name,
    streams,
    ...run,
    cpuMicrosPerChunk: perChunk,
    streamsPerCore: perChunk === null ? null : 1_000_000 / (perChunk * (1000 / STREAM.everyMs)),
  };
}

/** Who was overwhelmed still works on it: the next one on the same core must not pay for that. */
async function calmDown(used: () => number): Promise<void> {
  for (let step = 0; step < CALM_STEPS; step++) {
    const before = used();
    await delay(CALM_MS);
    if (used() - before < CALM_SHARE * CALM_MS * 1000) return;
  }
}
