import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Attribution, attributeDuties, type CpuProfile } from './attribute-duties.ts';
import { cpuMicros } from './process-cpu.ts';
import { runSlice } from './run-slice.ts';
import { chatBody } from './sizes.ts';
import type { PolitySubject } from './start-subjects.ts';

export interface Duties extends Attribution {
  readonly cpuMicrosPerRequest: number;
  readonly connections: number;
}

const SECONDS = 6;
const WAIT_STEPS = 200;
const WAIT_MS = 100;

/** A slice of its own under the profiler, 1 KB bodies. */
export async function profileDuties(subject: PolitySubject, connections: number): Promise<Duties> {
  const [pid] = subject.pids;
  if (pid === undefined) throw new Error('no gateway process to profile');
  process.kill(pid, 'SIGUSR2');
  const before = cpuMicros(pid);
  const slice = await runSlice(subject, { body: chatBody(1, false), connections, seconds: SECONDS });
  const used = cpuMicros(pid) - before;
  process.kill(pid, 'SIGUSR2');
  const profile = await readProfile(join(subject.profiles, `${pid}.cpuprofile`));
  return { ...attributeDuties(profile), cpuMicrosPerRequest: used / slice.requests, connections };
}

async function readProfile(path: string): Promise<CpuProfile> {
  for (let step = 0; step < WAIT_STEPS; step++) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text !== null) {
      await rm(path);
      return JSON.parse(text) as CpuProfile;
    }
    await delay(WAIT_MS);
  }
  throw new Error('the gateway wrote no profile');
}
