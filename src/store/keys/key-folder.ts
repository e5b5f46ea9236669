import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '../../kit/index.ts';
import { newSeed, type SigningKey, signingKey } from '../../ledger/index.ts';

/** The folder of secrets: seeds of log and receipt keys, and the installation's id. Files 0600, never printed. */
export interface KeyFolder {
  /** Null before the first start. */
  installation(): string | null;
  keepInstallation(id: string): void;
  /** The key of this name, made on first use. */
  key(name: string): SigningKey;
  hasWrappingKey(): boolean;
  /** Makes the key-encryption key of what people wrote. A new one opens nothing old: see `prepareWrappingKey`. */
  makeWrappingKey(): void;
  /** 32 bytes. @throws Error when the file is missing */
  wrappingKey(): Uint8Array;
}

const WRAPPING_KEY = 'content.kek';

export function openKeyFolder(dataDir: string): KeyFolder {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const path = (name: string) => join(folder, name);
  return {
    installation: () => (existsSync(path('installation')) ? readFileSync(path('installation'), 'utf8').trim() : null),
    keepInstallation: (id) => writeDurably(folder, 'installation', `${id}\n`),
    key(name) {
      const file = `${name}.seed`;
      if (!existsSync(path(file))) writeDurably(folder, file, `${toHex(newSeed())}\n`);
      return signingKey(fromHex(readFileSync(path(file), 'utf8').trim()));
    },
    hasWrappingKey: () => existsSync(path(WRAPPING_KEY)),
    makeWrappingKey: () => writeDurably(folder, WRAPPING_KEY, `${randomBytes(32).toString('hex')}\n`),
    wrappingKey: () => fromHex(readFileSync(path(WRAPPING_KEY), 'utf8').trim()),
  };
}

/** A key must survive a power cut before anything is signed with it: file, rename and folder are synced. */
function writeDurably(folder: string, name: string, text: string): void {
  const temporary = join(folder, `.${name}.new`);
  const file = openSync(temporary, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(folder, name));
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
