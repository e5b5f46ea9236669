import { sha256Hex } from '../kit/index.ts';
import type { CharterBytes } from './schema.ts';

/** SHA-256, hexadecimal, over the lines `path sha256` of the exact bytes, sorted by path. */
export function charterDigest(bytes: CharterBytes): string {
  const paths = [...bytes.keys()].sort();
  return sha256Hex(paths.map((path) => `${path} ${sha256Hex(bytes.get(path) ?? new Uint8Array())}\n`).join(''));
}
