import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;

/** Waits until nobody else fetches the same file. A lock whose process is gone counts for nothing. */
export async function lockFile(path: string): Promise<{ release(): void }> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  const text = `${process.pid} ${startOf(process.pid)}`;
  writeFileSync(own, text);
  try {
    while (!take(own, path)) {
      const holder = readHolder(path);
      if (holder !== null && !isRunning(holder)) removeStale(path, holder);
      else if (holder !== null) await delay(POLL_MS);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** A hard link either makes the file, whole, or finds it there. */
function take(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return false;
  }
}

/** Two may find it stale at once: who moved a fresh lock of the other away puts it back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  if (readHolder(aside) !== stale) take(aside, path);
  rmSync(aside, { force: true });
}

/** Null when the lock is gone by now. */
function readHolder(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The number of a process may be another's by now, in a container even after each start: its start time goes with it. */
function isRunning(holder: string): boolean {
  const [number = '', started = ''] = holder.split(' ');
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === startOf(pid);
}

/** Boot, and clock ticks from it to the start: field 22 of /proc/<pid>/stat. Empty where there is no /proc. */
function startOf(pid: number): string {
  const stat = readProc(`${pid}/stat`);
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${readProc('sys/kernel/random/boot_id')}/${ticks}`;
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8').trim();
  } catch {
    return '';
  }
}
