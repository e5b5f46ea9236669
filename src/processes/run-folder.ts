import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type RunFolder, runFolder } from '../kit/index.ts';

export type { RunFolder };

export function makeRunFolder(dataDir: string): RunFolder {
  const found = runFolder(dataDir, { temporaryFolder: tmpdir(), user: process.getuid?.() ?? 0 });
  mkdirSync(found.folder, { recursive: true, mode: 0o700 });
  chmodSync(found.folder, 0o700);
  return found;
}
