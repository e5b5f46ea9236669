import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** PostgreSQL refuses to run as root: then it runs as an unprivileged user of the machine. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Null where we are no root: the server runs as who we are. */
export function findServerUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const found = users.find(([name]) => name === wanted);
    if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  // The traditional `nobody`, for machines whose /etc/passwd names neither.
  return { uid: 65_534, gid: 65_534 };
}

/** Whether the user may pass through every folder above and into this one. */
export function canReach(user: ServerUser | null, path: string): boolean {
  if (user === null) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
