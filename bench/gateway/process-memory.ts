import { readFileSync } from 'node:fs';

/** Resident memory, MB. `own` of one process; `shared` divides pages among those who share them, so that sums are true. */
export interface Memory {
  readonly own: number;
  readonly shared: number;
}

/** Zero when the process has ended. */
export function memoryOf(pid: number): Memory {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = (name: string) => Number(new RegExp(`^${name}: *(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
    return { own: kilobytes('Rss') / 1024, shared: kilobytes('Pss') / 1024 };
  } catch {
    return { own: 0, shared: 0 };
  }
}
