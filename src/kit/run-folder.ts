import { join, resolve } from 'node:path';
import { sha256Hex } from './digest.ts';

/** A Unix socket's path may have 107 bytes on Linux and 103 on macOS. */
const MAX_SOCKET_PATH = 100;

export interface RunFolder {
  readonly folder: string;
  readonly controlSocket: string;
  readonly modelSocket: string;
}

/** Where a machine keeps short-lived files, and whose they are. */
export interface Machine {
  readonly temporaryFolder: string;
  readonly user: number;
}

/** Where the sockets of an installation are: below its data folder, or in a short place that is named after it. */
export function runFolder(dataDir: string, { temporaryFolder, user }: Machine): RunFolder {
  const beside = join(resolve(dataDir), 'run', 'sockets');
  const isShort = join(beside, 'control.sock').length <= MAX_SOCKET_PATH;
  const folder = isShort ? beside : join(temporaryFolder, `polity-${user}-${sha256Hex(resolve(dataDir)).slice(0, 16)}`);
  return { folder, controlSocket: join(folder, 'control.sock'), modelSocket: join(folder, 'model.sock') };
}
