import { allHashes, hashNode, type Sha256 } from './crypto.ts';

export const HASH_BYTES = 32;

/** RFC 9162's tree over hashes, at least one: pairs level by level, an odd last one moves up as it is. */
export async function foldRow(hashes: readonly Uint8Array[], sha256: Sha256): Promise<Uint8Array> {
  let row = hashes;
  while (row.length > 1) {
    const below = row;
    const pairs = Array.from({ length: Math.floor(below.length / 2) }, (_, i) =>
      hashNode(below[2 * i] as Uint8Array, below[2 * i + 1] as Uint8Array, sha256),
    );
    row = [...(await allHashes(pairs)), ...(below.length % 2 === 1 ? below.slice(-1) : [])];
  }
  return row[0] as Uint8Array;
}

/** Root of a tree from the partial tiles of its levels: the lowest is the rightmost part. */
export async function foldLevels(levels: readonly (readonly Uint8Array[])[], sha256: Sha256): Promise<Uint8Array> {
  let right: Uint8Array | null = null;
  for (const hashes of levels) {
    const row: Uint8Array[] = right === null ? [...hashes] : [...hashes, right];
    if (row.length > 0) right = await foldRow(row, sha256);
  }
  return right ?? (await sha256(new Uint8Array()));
}

export function splitTile(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, i) => tile.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** Place of the first hash that differs from the stored tile of the same width, or -1. */
export function firstDifference(hashes: readonly Uint8Array[], tile: Uint8Array): number {
  return hashes.findIndex((hash, place) => {
    for (let i = 0; i < HASH_BYTES; i++) if (hash[i] !== tile[place * HASH_BYTES + i]) return true;
    return false;
  });
}
