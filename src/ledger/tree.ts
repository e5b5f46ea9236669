/** The Merkle tree of RFC 9162 section 2.1 over SHA-256. */
import { sha256 } from '../kit/index.ts';

export const HASH_BYTES = 32;

/** Root of the tree without entries: the hash of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256('');

export function leafHash(data: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + data.length);
  input.set(data, 1);
  return sha256(input);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** Hash of a complete subtree or of any list of consecutive hashes, split as the RFC splits. */
export function foldHashes(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(foldHashes(hashes.slice(0, split)), foldHashes(hashes.slice(split)));
}
