import type { Judgement } from './judge-bars.ts';
import type { Cell } from './measure-cells.ts';
import type { StreamCell } from './measure-streams.ts';
import { processTree } from './process-cpu.ts';
import { memoryOf } from './process-memory.ts';
import type { Duties } from './profile-duties.ts';
import { roleOf } from './start-subjects.ts';
import type { Subject } from './subject.ts';

const round = (value: number | null) => (value === null ? '–' : Math.round(value));
const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(0)} %`);

export function printCells(title: string, cells: readonly Cell[]): void {
  const direct = cells.find(({ subject }) => subject === 'direct');
  const added = (value: number, floor: number | undefined) => (floor === undefined ? '–' : (value - floor).toFixed(2));
  console.log(`\n${title}`);
  console.table(
    cells.map((cell) => ({
      subject: cell.subject,
      'requests/s': round(cell.requestsPerSecond),
      'CPU µs/request': round(cell.cpuMicros),
      'with its whole tree': round(cell.treeMicros),
      'of its core': percent(cell.busy),
      'p50 ms': cell.p50Ms.toFixed(2),
      'p99 ms': cell.p99Ms.toFixed(2),
      'added p50': cell === direct ? '–' : added(cell.p50Ms, direct?.p50Ms),
      'added p99': cell === direct ? '–' : added(cell.p99Ms, direct?.p99Ms),
      failures: cell.failures,
    })),
  );
}

export function printStreams(title: string, cells: readonly StreamCell[]): void {
  console.log(`\n${title}`);
  console.table(
    cells.map(({ subject, whole, failed, lateMs, cpuMicrosPerChunk, streamsPerCore, chunks }) => ({
      subject,
      whole,
      'not whole': failed,
      chunks,
      'late p50 ms': lateMs.p50.toFixed(2),
      'late p99 ms': lateMs.p99.toFixed(2),
      'late max ms': lateMs.max.toFixed(1),
      'CPU µs/chunk': cpuMicrosPerChunk?.toFixed(1) ?? '–',
      'streams per core': round(streamsPerCore),
    })),
  );
}

export interface MemoryLine {
  readonly subject: string;
  readonly process: string;
  readonly megabytes: number;
}

/** Of the measured process, and of the whole tree with shared pages counted once. */
export function measureMemory(subjects: readonly Subject[]): MemoryLine[] {
  return subjects.flatMap(({ name, pids, root }) => {
    if (root === null) return [];
    const tree = processTree(root);
    const sum = (values: readonly number[]) => Math.round(values.reduce((total, value) => total + value, 0));
    const lines = [{ subject: name, process: 'measured', megabytes: sum(pids.map((pid) => memoryOf(pid).own)) }];
    if (tree.length > pids.length)
      lines.push({ subject: name, process: 'whole tree', megabytes: sum(tree.map((pid) => memoryOf(pid).shared)) });
    for (const pid of tree.filter((one) => ['ledger', 'model', 'supervisor'].includes(roleOf(one))))
      lines.push({ subject: name, process: roleOf(pid), megabytes: sum([memoryOf(pid).own]) });
    return lines;
  });
}

export function printDuties(duties: Duties, withPlaces: boolean): void {
  const { cpuMicrosPerRequest, connections } = duties;
  console.log(
    `\nWhat each duty costs the gateway process: ${connections} connections, 1 KB, ${cpuMicrosPerRequest.toFixed(0)} µs a request under the profiler`,
  );
  const table = (rows: Duties['duties']) =>
    console.table(
      rows.map(({ name, share }) => ({
        what: name,
        share: `${(share * 100).toFixed(1)} %`,
        'µs/request': (share * cpuMicrosPerRequest).toFixed(1),
      })),
    );
  table(duties.duties);
  if (!withPlaces) return;
  table(duties.places.slice(0, 40));
  table(duties.functions.slice(0, 50));
}

export function printBars(judgements: readonly Judgement[]): void {
  console.log('\nBars');
  console.table(judgements);
}
