import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../kit/index.ts';
import { describeHolder, type Holder, isRunning, TOUCH_MS, touch } from './lock-holder.ts';

/** Takes the data folder for this process, or says who has it. @throws Problem */
export async function lockData(dataDir: string): Promise<{ release(): void }> {
  const run = join(dataDir, 'run');
  const path = lockPath(dataDir);
  const own = join(run, `lock.${process.pid}`);
  try {
    mkdirSync(run, { recursive: true, mode: 0o711 });
    writeFileSync(own, JSON.stringify(describeHolder(process.pid)));
    try {
      await takeLock(own, path);
    } finally {
      rmSync(own, { force: true });
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('internal', explain(dataDir, cause as NodeJS.ErrnoException), { cause });
  }
  const touching = setInterval(() => touch(path), TOUCH_MS).unref();
  return {
    release() {
      clearInterval(touching);
      rmSync(path, { force: true });
    },
  };
}

/** A hard link either makes the file or finds it there: two starts at once cannot both win. */
async function takeLock(own: string, path: string): Promise<void> {
  for (;;) {
    if (tryLink(own, path)) return;
    const text = readText(path);
    const holder = parseHolder(text);
    if (holder !== null && (await isRunning(holder, path))) throw runsAlready(holder.pid);
    await removeStale(own, path, text);
  }
}

/** Its owner is dead. One of those who see that removes it, and only as long as it is still what was seen. */
async function removeStale(own: string, path: string, seen: string): Promise<void> {
  const claim = `${path}.claim`;
  if (tryLink(own, claim)) {
    try {
      if (readText(path) === seen) rmSync(path, { force: true });
    } finally {
      rmSync(claim, { force: true });
    }
    return;
  }
  const claimant = parseHolder(readText(claim));
  if (claimant === null || !(await isRunning(claimant, claim))) rmSync(claim, { force: true });
}

function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

export function runsAlready(pid: number): Problem {
  return new Problem(
    'internal',
    `process ${pid} already runs on this data folder; stop it with \`./polity stop\`, or set POLITY_DATA to another folder`,
  );
}

export type LockState =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly pid: number }
  /** Left behind by an instance that was killed. */
  | { readonly kind: 'stale' };

export async function lockState(dataDir: string): Promise<LockState> {
  const path = lockPath(dataDir);
  const text = readText(path);
  if (text === '') return { kind: 'free' };
  const holder = parseHolder(text);
  return holder !== null && (await isRunning(holder, path)) ? { kind: 'held', pid: holder.pid } : { kind: 'stale' };
}

function explain(dataDir: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC') return `the disk of ${dataDir} is full; free some space, or set POLITY_DATA to another disk`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `the data folder ${dataDir} cannot be written; give this user the right to, or set POLITY_DATA to another folder`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return `${dataDir} is no folder; set POLITY_DATA to one`;
  return `the data folder ${dataDir} cannot be used: ${message}`;
}

function lockPath(dataDir: string): string {
  return join(dataDir, 'run', 'lock.json');
}

/** Empty where there is none. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Null for what no instance has written whole. */
function parseHolder(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}
