import { cpuMicros, processTree } from './process-cpu.ts';
import { median } from './quantile.ts';
import { type Load, percentiles, runSlice, type Slice } from './run-slice.ts';
import type { Subject } from './subject.ts';
import { waitRest } from './wait-rest.ts';

/** One subject under one load: medians over the rounds. */
export interface Cell {
  readonly subject: string;
  readonly connections: number;
  readonly requestsPerSecond: number;
  /** Of the measured process; null for `direct`. */
  readonly cpuMicros: number | null;
  /** Of everything that belongs to the subject. */
  readonly treeMicros: number | null;
  /** Share of its core that the measured process used. */
  readonly busy: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures: number;
}

interface Measured {
  readonly slice: Slice;
  readonly cpu: number;
  readonly tree: number;
}

export interface Plan {
  readonly load: Load;
  readonly rounds: number;
  /** Hears each slice of a subject; asked for one of them, its requests are kept by id. */
  readonly watch?: { readonly subject: string; hear(slice: Slice): Promise<void> };
}

/** Slices of all subjects in turn, each while the others rest: a neighbour on the machine disturbs all of them alike. */
export async function measureCells(subjects: readonly Subject[], plan: Plan): Promise<Cell[]> {
  const rounds = new Map<string, Measured[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const subject of subjects) {
      const isWatched = plan.watch?.subject === subject.name;
      const measured = await measureOnce(subject, plan.load, isWatched);
      rounds.get(subject.name)?.push(measured);
      if (isWatched) await plan.watch?.hear(measured.slice);
    }
  }
  return subjects.map((subject) => cellOf(subject, plan.load.connections, rounds.get(subject.name) ?? []));
}

async function measureOnce(subject: Subject, load: Load, keepIds: boolean): Promise<Measured> {
  const tree = subject.root === null ? [] : processTree(subject.root);
  const before = new Map([...tree, ...subject.pids].map((pid) => [pid, cpuMicros(pid)]));
  const slice = await runSlice(subject, load, keepIds);
  // The database's short-lived processes that ended meanwhile are left out.
  const used = (pids: readonly number[]) =>
    pids.reduce((sum, pid) => sum + Math.max(0, cpuMicros(pid) - (before.get(pid) ?? 0)), 0);
  const cpu = used(subject.pids);
  // Also what it does once the answers are given: it belongs to their price, and not into the next one's slice.
  await waitRest(subject);
  return { slice, cpu, tree: used(tree) };
}

function cellOf(subject: Subject, connections: number, rounds: readonly Measured[]): Cell {
  const over = (of: (measured: Measured) => number) => median(rounds.map(of));
  const isDirect = subject.root === null;
  return {
    subject: subject.name,
    connections,
    requestsPerSecond: over(({ slice }) => slice.requests / slice.seconds),
    cpuMicros: isDirect ? null : over(({ cpu, slice }) => cpu / slice.requests),
    treeMicros: isDirect ? null : over(({ tree, slice }) => tree / slice.requests),
    busy: isDirect ? null : over(({ cpu, slice }) => cpu / (slice.seconds * 1_000_000)),
    p50Ms: over(({ slice }) => percentiles(slice).p50),
    p99Ms: over(({ slice }) => percentiles(slice).p99),
    failures: rounds.reduce((sum, { slice }) => sum + slice.failures, 0),
  };
}
