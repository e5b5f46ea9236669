import { readFileSync, readlinkSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Who holds a data folder: a pid alone may be somebody else's by now, so boot and start time go with it. */
export interface Holder {
  readonly pid: number;
  readonly boot: string;
  readonly started: string;
  /** Of pids: containers on one machine do not see each other's processes. */
  readonly namespace: string;
}

/** A holder touches its lock so often, for those who cannot see its process. Milliseconds. */
export const TOUCH_MS = 500;
/** A lock that nobody touched meanwhile has no holder. Setting up the database keeps a holder busy for up to 3 s. */
const SILENT_MS = 5_000;

export function describeHolder(pid: number): Holder {
  return { pid, boot: readProc('sys/kernel/random/boot_id'), started: startTime(pid), namespace: pidNamespace() };
}

export function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A disk that is full or gone: the processes that need it will say so.
  }
}

/** Looks for the process; on another machine, before a reboot or in another container its lock is watched instead. */
export async function isRunning(holder: Holder, path: string): Promise<boolean> {
  const own = describeHolder(process.pid);
  if (own.boot === holder.boot && own.namespace === holder.namespace) return isSame(holder);
  const before = touchedMs(path);
  for (let waitedMs = 0; waitedMs < SILENT_MS; waitedMs += TOUCH_MS) {
    await delay(TOUCH_MS);
    const now = touchedMs(path);
    if (now !== before) return now !== null;
  }
  return false;
}

function isSame({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTime(pid) === started;
}

function touchedMs(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Field 22 of /proc/<pid>/stat: clock ticks between boot and start. Empty where there is no /proc. */
function startTime(pid: number): string {
  const stat = readProc(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8').trim();
  } catch {
    return '';
  }
}
