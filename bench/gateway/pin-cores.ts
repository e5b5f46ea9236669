import { cpus } from 'node:os';
import { pin, processTree } from './process-cpu.ts';
import type { Subject } from './subject.ts';

/** Which cores each kind of process runs on, as `taskset` takes them. */
interface Cores {
  /** What is measured, alone. */
  readonly subjects: string;
  readonly load: string;
  readonly upstream: string;
  /** What works behind a subject: its database, its ledger, its supervisor. */
  readonly behind: string;
}

/** As far apart as the machine allows. Null where there is but one core. */
function planCores(count: number): Cores | null {
  if (count < 2) return null;
  if (count === 2) return { subjects: '0', load: '1', upstream: '1', behind: '1' };
  if (count === 3) return { subjects: '0', load: '1', upstream: '1', behind: '2' };
  return { subjects: '0', load: '1', upstream: '2', behind: `3-${count - 1}` };
}

/** Pins everything that takes part, and says what stands in the way of it. */
export function pinCores(subjects: readonly Subject[], upstreamPid: number): void {
  const plan = planCores(cpus().length);
  if (plan === null) {
    console.log('ONE CORE ONLY: load and subjects share it, so the figures are too low');
    return;
  }
  const behind = subjects.flatMap(({ root }) => (root === null ? [] : processTree(root)));
  const done = [pin(process.pid, plan.load), pin(upstreamPid, plan.upstream)];
  for (const pid of behind) done.push(pin(pid, plan.behind));
  for (const pid of subjects.flatMap(({ pids }) => pids)) done.push(pin(pid, plan.subjects));
  if (done.includes(false)) console.log('NOT PINNED: `taskset` is missing or failed, so subjects share their core');
  const { load, upstream } = plan;
  console.log(`cores: subjects ${plan.subjects}, load ${load}, upstream ${upstream}, what is behind ${plan.behind}`);
  if (load === plan.behind)
    console.log('  two cores: what is behind a subject takes from its load; four keep them apart');
}
