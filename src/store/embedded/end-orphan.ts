import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const FAST_MS = 10_000;
const POLL_MS = 25;

/**
 * A postmaster that outlived its Polity is ended; committed data stay. The caller holds the lock of the data folder, so
 * whoever started it is dead. A pid that belongs to something else by now is left alone and its file removed.
 */
export async function endOrphan(data: string, report: (line: string) => void): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = readPid(file);
  if (pid === null) return;
  if (!isPostmasterOf(pid, data)) {
    rmSync(file, { force: true });
    return;
  }
  report(`ending the database server that an earlier instance left behind (process ${pid})`);
  signal(pid, 'SIGINT');
  const startedMs = performance.now();
  while (isPostmasterOf(pid, data)) {
    if (performance.now() - startedMs > FAST_MS) signal(pid, 'SIGQUIT');
    await delay(POLL_MS);
  }
}

function readPid(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function isPostmasterOf(pid: number, data: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return process.platform !== 'linux' && isAlive(pid);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}
