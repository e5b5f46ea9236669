/** Inclusion and consistency proofs (RFC 9162 sections 2.1.3.1 and 2.1.4.1), built from stored tiles. */
import { subtreeHeight } from './subtree-height.ts';
import { TILE_WIDTH } from './tiles.ts';
import { foldHashes, HASH_BYTES, nodeHash } from './tree.ts';

/** Gives the bytes of a tile as a tree of this size has it. */
export type TileReader = (level: number, index: number, width: number) => Promise<Uint8Array>;

/** Height of the subtree whose hashes stand in one tile level. */
const TILE_HEIGHT = 8;

/** The largest power of two strictly below `n`; no bit shifts, because those end at 2^31. */
function splitPoint(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

class Prover {
  readonly #size: number;
  readonly #readTile: TileReader;

  constructor(size: number, readTile: TileReader) {
    this.#size = size;
    this.#readTile = readTile;
  }

  /** MTH(D[low:high]) */
  async range(low: number, high: number): Promise<Uint8Array> {
    const count = high - low;
    const height = subtreeHeight(count);
    if (height !== null && low % count === 0) return await this.#complete(height, low / count);
    const split = splitPoint(count);
    return nodeHash(await this.range(low, low + split), await this.range(low + split, high));
  }

  /** Hash of the complete subtree of 2^height leaves at this position. */
  async #complete(height: number, position: number): Promise<Uint8Array> {
    const level = Math.floor(height / TILE_HEIGHT);
    const span = 2 ** (height % TILE_HEIGHT);
    const first = position * span;
    const index = Math.floor(first / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, Math.floor(this.#size / TILE_WIDTH ** level) - index * TILE_WIDTH);
    const tile = await this.#readTile(level, index, width);
    const offset = first % TILE_WIDTH;
    const hashes = Array.from({ length: span }, (_, i) =>
      tile.slice((offset + i) * HASH_BYTES, (offset + i + 1) * HASH_BYTES),
    );
    return foldHashes(hashes);
  }

  async path(leaf: number, low: number, high: number): Promise<Uint8Array[]> {
    if (high - low === 1) return [];
    const split = splitPoint(high - low);
    if (leaf < low + split) return [...(await this.path(leaf, low, low + split)), await this.range(low + split, high)];
    return [...(await this.path(leaf, low + split, high)), await this.range(low, low + split)];
  }

  async subproof(old: number, [low, high]: readonly [number, number], isWhole: boolean): Promise<Uint8Array[]> {
    if (old === high) return isWhole ? [] : [await this.range(low, high)];
    const split = splitPoint(high - low);
    if (old <= low + split) {
      return [...(await this.subproof(old, [low, low + split], isWhole)), await this.range(low + split, high)];
    }
    return [...(await this.subproof(old, [low + split, high], false)), await this.range(low, low + split)];
  }
}

/** Siblings from the leaf upwards. @throws RangeError */
export async function inclusionProof(index: number, size: number, readTile: TileReader): Promise<Uint8Array[]> {
  if (index < 0 || index >= size) throw new RangeError(`a tree of ${size} has no entry ${index}`);
  return await new Prover(size, readTile).path(index, 0, size);
}

/** Empty between equal sizes; size 0 is consistent with everything and has no proof. @throws RangeError */
export async function consistencyProof(old: number, size: number, readTile: TileReader): Promise<Uint8Array[]> {
  if (old <= 0 || old > size) throw new RangeError(`no consistency proof from ${old} to ${size}`);
  return await new Prover(size, readTile).subproof(old, [0, size], true);
}
