import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Hex } from '../../kit/index.ts';
import { sharedFolder } from './server-files.ts';
import { canReach, type ServerUser } from './server-user.ts';

export interface ClusterPlace {
  /** Ours: holds `data` (the server's), the password and the log. */
  readonly folder: string;
  readonly data: string;
  /** Where the server puts its Unix socket. */
  readonly socket: string;
}

/** A Unix socket's path may have 107 bytes on Linux and 103 on macOS. */
const MAX_SOCKET_PATH = 100;

/** In the data folder where the server's user can reach it, else in a durable folder that a file of the data folder names. */
export function placeCluster(dataDir: string, user: ServerUser | null): ClusterPlace {
  const folder = findFolder(dataDir, user);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  chmodSync(folder, 0o711);
  const beside = join(folder, 'socket');
  const isShort = join(beside, '.s.PGSQL.5432').length <= MAX_SOCKET_PATH;
  const socket = isShort ? beside : join(tmpdir(), `polity-pg-${sha256Hex(folder).slice(0, 16)}`);
  return { folder, data: join(folder, 'data'), socket };
}

/** Where it once was it stays, though rights or places may change: another folder would be another, empty database. */
function findFolder(dataDir: string, user: ServerUser | null): string {
  const own = join(dataDir, 'postgres');
  const pointer = join(dataDir, 'database-folder');
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim();
  // Our own folder lets others pass, not look: what is secret lies below in folders of mode 0700.
  if (user !== null && !canReach(user, dataDir)) chmodSync(dataDir, 0o711);
  if (existsSync(join(own, 'data', 'PG_VERSION')) || canReach(user, dataDir)) return own;
  // Not named after the path alone: a data folder that is made anew gets a database of its own.
  const name = `${sha256Hex(resolve(dataDir)).slice(0, 16)}-${randomBytes(4).toString('hex')}`;
  const elsewhere = join(sharedFolder(), name);
  writeFileSync(`${pointer}.new`, `${elsewhere}\n`);
  renameSync(`${pointer}.new`, pointer);
  return elsewhere;
}
