import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { median, quantile } from './quantile.ts';
import type { Slice } from './run-slice.ts';
import type { PolitySubject } from './start-subjects.ts';

const SYNCS = 300;
const PIECE = Buffer.alloc(8192, 7);

/** How long the disk below a folder takes to make a small write durable, milliseconds, sorted. */
export function measureSyncs(folder: string): Float64Array {
  const path = join(folder, 'bench-sync');
  const file = openSync(path, 'w');
  const took: number[] = [];
  for (let turn = 0; turn < SYNCS; turn++) {
    const startedMs = performance.now();
    writeSync(file, PIECE);
    fdatasyncSync(file);
    took.push(performance.now() - startedMs);
  }
  closeSync(file);
  rmSync(path);
  return Float64Array.from(took).sort();
}

interface Event {
  readonly requestId?: string;
  readonly intentMs?: number;
  readonly outcomeMs?: number;
}

/** Wide events are written twice a second. */
const EVENTS_MS = 1_500;

/** Percentiles as of the cells they stand beside: of each slice, and the median over the rounds. Milliseconds. */
export interface CommitWatch {
  hear(slice: Slice): Promise<void>;
  /** Of latencies without the waits for the two commits; null when the events did not tell. */
  withoutWaitsP99Ms(): number | null;
  /** Of the two waits together; null likewise. */
  waitP99Ms(): number | null;
}

/** Takes from each latency what its request waited for the ledger, as its wide event says. */
export function watchCommits({ polity }: PolitySubject): CommitWatch {
  let text = '';
  polity.child.stderr?.on('data', (piece: string) => {
    text += piece;
  });
  const withoutWaits: number[] = [];
  const waited: number[] = [];
  return {
    async hear({ byRequest }) {
      await delay(EVENTS_MS);
      const bare: number[] = [];
      const waits: number[] = [];
      for (const line of text.split('\n')) {
        const event = readEvent(line);
        const latencyMs = byRequest.get(event?.requestId ?? '');
        if (event?.intentMs === undefined || event.outcomeMs === undefined || latencyMs === undefined) continue;
        bare.push(latencyMs - event.intentMs - event.outcomeMs);
        waits.push(event.intentMs + event.outcomeMs);
      }
      text = '';
      if (bare.length === 0) return;
      withoutWaits.push(p99(Float64Array.from(bare).sort()));
      waited.push(p99(Float64Array.from(waits).sort()));
    },
    withoutWaitsP99Ms: () => (withoutWaits.length === 0 ? null : median(withoutWaits)),
    waitP99Ms: () => (waited.length === 0 ? null : median(waited)),
  };
}

function readEvent(line: string): Event | null {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return null;
  }
}

export function p99(sorted: Float64Array): number {
  return quantile(sorted, 0.99);
}
