import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The process that holds a data folder, as the supervisor wrote it; null when nobody does. */
export function readLockHolder(dataDir: string): { readonly pid: number } | null {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'run', 'lock.json'), 'utf8')) as { pid: unknown };
    return typeof pid === 'number' ? { pid } : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
