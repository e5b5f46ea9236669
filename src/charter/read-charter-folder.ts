import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../kit/index.ts';
import { type CharterBytes, charterFiles } from './schema.ts';

/** A file of a charter is written by people; a larger one is a mistake or an attack. */
export const MAX_FILE_BYTES = 256 * 1024;
const MAX_POLICY_FILES = 64;

/** The documents of quoted answers: they change every day and are no law, so the digest leaves them out. */
const COLLECTION = 'knowledge';

const policyName = /^[a-z0-9][a-z0-9-]{0,62}\.cedar$/;

/**
 * The exact bytes of the files that make a charter: the YAML files of the sketch and `policies/*.cedar`.
 * A file beyond the bound is read one byte too far, so that `parseCharter` can say so.
 */
export function readCharterFolder(folder: string): CharterBytes {
  const bytes = new Map<string, Uint8Array>();
  for (const name of list(folder)) if (name in charterFiles) bytes.set(name, readFile(folder, name));
  const policies = list(folder).includes('policies') ? list(join(folder, 'policies')) : [];
  for (const name of policies.filter((name) => policyName.test(name)).slice(0, MAX_POLICY_FILES)) {
    bytes.set(`policies/${name}`, readFile(folder, `policies/${name}`));
  }
  return bytes;
}

/** What lies in the folder and is no part of the charter: shown as a warning, since a misspelt name would be lost. */
export function listIgnoredFiles(folder: string): string[] {
  const top = list(folder).filter((name) => !(name in charterFiles) && !['policies', COLLECTION].includes(name));
  const policies = list(folder).includes('policies') ? list(join(folder, 'policies')) : [];
  const used = policies.filter((name) => policyName.test(name)).slice(0, MAX_POLICY_FILES);
  return [...top, ...policies.filter((name) => !used.includes(name)).map((name) => `policies/${name}`)].sort();
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new Problem('charter-invalid', `the charter folder \`${folder}\` cannot be read: ${reason(cause)}`, {
      cause,
    });
  }
}

function readFile(folder: string, name: string): Uint8Array {
  const path = join(folder, name);
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a regular file');
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
      return Uint8Array.from(buffer.subarray(0, readAll(file, buffer)));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new Problem('charter-invalid', `the charter's file \`${path}\` cannot be read: ${reason(cause)}`, { cause });
  }
}

function readAll(file: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const got = readSync(file, buffer, length, buffer.length - length, null);
    if (got === 0) break;
    length += got;
  }
  return length;
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'ENOTDIR') return 'it is not a folder';
  return (cause as Error).message;
}
