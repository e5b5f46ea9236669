import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../kit/index.ts';

/** Who holds a data folder: a pid alone may be somebody else's by now, so boot and start time go with it. */
interface Holder {
  readonly pid: number;
  readonly boot: string;
  readonly started: string;
}

/** Takes the data folder for this process, or says who has it. @throws Problem */
export function lockData(dataDir: string): { release(): void } {
  const run = join(dataDir, 'run');
  const path = join(run, 'lock.json');
  try {
    mkdirSync(run, { recursive: true, mode: 0o711 });
    const own = join(run, `lock.${process.pid}`);
    writeFileSync(own, JSON.stringify(describe(process.pid)));
    try {
      takeLock(own, path);
    } finally {
      rmSync(own, { force: true });
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('internal', explain(dataDir, cause as NodeJS.ErrnoException), { cause });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** A hard link either makes the file or finds it there: two starts at once cannot both win. */
function takeLock(own: string, path: string): void {
  for (;;) {
    try {
      linkSync(own, path);
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
    const holder = readHolder(path);
    if (holder !== null && isRunning(holder)) {
      throw new Problem(
        'internal',
        `process ${holder.pid} already runs on this data folder; stop it with \`./polity stop\`, or set POLITY_DATA to another folder`,
      );
    }
    // Its owner is dead. Whoever removes it first tries again together with everybody else.
    rmSync(path, { force: true });
  }
}

function explain(dataDir: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC') return `the disk of ${dataDir} is full; free some space, or set POLITY_DATA to another disk`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `the data folder ${dataDir} cannot be written; give this user the right to, or set POLITY_DATA to another folder`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return `${dataDir} is no folder; set POLITY_DATA to one`;
  return `the data folder ${dataDir} cannot be used: ${message}`;
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function describe(pid: number): Holder {
  return { pid, boot: readProc('sys/kernel/random/boot_id'), started: startTime(pid) };
}

/** Field 22 of /proc/<pid>/stat: clock ticks between boot and start. Empty where there is no /proc. */
function startTime(pid: number): string {
  const stat = readProc(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8').trim();
  } catch {
    return '';
  }
}

export function isRunning(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = describe(holder.pid);
  return now.boot === holder.boot && now.started === holder.started;
}
