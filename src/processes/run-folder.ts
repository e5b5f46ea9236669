import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Hex } from '../kit/index.ts';

/** A Unix socket's path may have 107 bytes on Linux and 103 on macOS. */
const MAX_SOCKET_PATH = 100;

export interface RunFolder {
  readonly folder: string;
  readonly controlSocket: string;
  readonly modelSocket: string;
}

/** Where the sockets of an installation are: below its data folder, or in a short place that is named after it. */
export function runFolder(dataDir: string): RunFolder {
  const beside = join(resolve(dataDir), 'run', 'sockets');
  const isShort = join(beside, 'control.sock').length <= MAX_SOCKET_PATH;
  const folder = isShort
    ? beside
    : join(tmpdir(), `polity-${process.getuid?.() ?? 0}-${sha256Hex(resolve(dataDir)).slice(0, 16)}`);
  return { folder, controlSocket: join(folder, 'control.sock'), modelSocket: join(folder, 'model.sock') };
}

export function makeRunFolder(dataDir: string): RunFolder {
  const found = runFolder(dataDir);
  mkdirSync(found.folder, { recursive: true, mode: 0o700 });
  chmodSync(found.folder, 0o700);
  return found;
}
