/** Growing the tree: from a right edge and new entries to the tiles that change. Pure; the store keeps what comes out. */
import { concat, equalBytes } from '../kit/index.ts';
import { decodeBundle, encodeBundle, entriesPath, TILE_WIDTH, tilePath } from './tiles.ts';
import { EMPTY_ROOT, foldHashes, HASH_BYTES, leafHash, nodeHash } from './tree.ts';

/** What must be known to append: the partial tile of each level and the entries of the partial bundle. */
export interface Edge {
  readonly size: number;
  /** `levels[l]` has floor(size / 256^l) mod 256 hashes. */
  readonly levels: readonly (readonly Uint8Array[])[];
  readonly bundle: readonly Uint8Array[];
}

export interface StoredTile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

export interface StoredBundle {
  readonly index: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

export interface Appended {
  readonly edge: Edge;
  readonly root: Uint8Array;
  /** Completed tiles and the new partial ones, in their final state of this append. */
  readonly tiles: readonly StoredTile[];
  readonly bundles: readonly StoredBundle[];
}

export const emptyEdge: Edge = { size: 0, levels: [], bundle: [] };

class Growth {
  readonly tiles: StoredTile[] = [];
  readonly bundles: StoredBundle[] = [];
  readonly levels: Uint8Array[][];
  bundle: Uint8Array[];
  size: number;
  /** Full tiles so far per level: the index of the one that grows. */
  readonly indexes: number[] = [];

  constructor(edge: Edge) {
    this.size = edge.size;
    this.levels = edge.levels.map((hashes) => [...hashes]);
    this.bundle = [...edge.bundle];
    for (let level = 0, count = edge.size; level < this.levels.length; level++) {
      count = Math.floor(count / TILE_WIDTH);
      this.indexes.push(count);
    }
  }

  add(entry: Uint8Array): void {
    this.bundle.push(entry);
    if (this.bundle.length === TILE_WIDTH) {
      this.bundles.push({
        index: Math.floor(this.size / TILE_WIDTH),
        width: TILE_WIDTH,
        bytes: encodeBundle(this.bundle),
      });
      this.bundle = [];
    }
    this.size++;
    this.push(0, leafHash(entry));
  }

  /** Adds a hash to a level; a tile that fills up becomes a hash of the level above. */
  push(level: number, hash: Uint8Array): void {
    if (level === this.levels.length) {
      this.levels.push([]);
      this.indexes.push(0);
    }
    const hashes = this.levels[level] as Uint8Array[];
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    const index = this.indexes[level] as number;
    this.tiles.push({ level, index, width: TILE_WIDTH, bytes: concat(...hashes) });
    this.levels[level] = [];
    this.indexes[level] = index + 1;
    this.push(level + 1, foldComplete(hashes));
  }
}

/** A full tile's 256 hashes, pairwise: cheaper than the general fold. */
function foldComplete(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) above.push(nodeHash(row[i] as Uint8Array, row[i + 1] as Uint8Array));
    row = above;
  }
  return row[0] as Uint8Array;
}

/** Appends entries. A partial tile is written only for the size that results, never hashed upwards. */
export function appendEntries(edge: Edge, entries: readonly Uint8Array[]): Appended {
  if (!Number.isSafeInteger(edge.size + entries.length))
    throw new RangeError('the tree would grow beyond 2^53 entries');
  const growth = new Growth(edge);
  for (const entry of entries) growth.add(entry);
  const { size, levels, bundle, tiles, bundles, indexes } = growth;
  for (const [level, hashes] of levels.entries()) {
    const count = (indexes[level] as number) * TILE_WIDTH + hashes.length;
    // A tile that this append has not touched is stored already.
    if (hashes.length === 0 || count === Math.floor(edge.size / TILE_WIDTH ** level)) continue;
    tiles.push({ level, index: indexes[level] as number, width: hashes.length, bytes: concat(...hashes) });
  }
  if (bundle.length > 0 && entries.length > 0) {
    bundles.push({ index: Math.floor(size / TILE_WIDTH), width: bundle.length, bytes: encodeBundle(bundle) });
  }
  const grown: Edge = { size, levels, bundle };
  return { edge: grown, root: rootOf(grown), tiles, bundles };
}

/** The root, folded from the partial tiles: the lowest level is the rightmost part of the tree. */
export function rootOf(edge: Edge): Uint8Array {
  let right: Uint8Array | null = null;
  for (const hashes of edge.levels) {
    const row: Uint8Array[] = right === null ? [...hashes] : [...hashes, right];
    if (row.length > 0) right = foldHashes(row);
  }
  return right ?? EMPTY_ROOT;
}

export interface EdgeSource {
  tile(level: number, index: number, width: number): Promise<Uint8Array | null>;
  bundle(index: number, width: number): Promise<Uint8Array | null>;
}

/** Rebuilds the edge of a stored tree and checks it against itself. @throws Error that names the first wrong place */
export async function edgeFromTiles(size: number, source: EdgeSource): Promise<Edge> {
  const levels: Uint8Array[][] = [];
  for (let count = size, level = 0; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    const index = Math.floor(count / TILE_WIDTH);
    levels.push(
      width === 0 ? [] : splitHashes(await source.tile(level, index, width), tilePath(level, index, width), width),
    );
  }
  const width = size % TILE_WIDTH;
  const index = Math.floor(size / TILE_WIDTH);
  const bytes = width === 0 ? new Uint8Array() : await source.bundle(index, width);
  if (bytes === null) throw new Error(`${entriesPath(index, width)} is missing`);
  const bundle = decodeBundle(bytes, width);
  for (const [i, entry] of bundle.entries()) {
    const kept = levels[0]?.[i];
    if (kept === undefined || !equalBytes(kept, leafHash(entry))) {
      throw new Error(`${entriesPath(index, width)} entry ${i} does not match ${tilePath(0, index, width)}`);
    }
  }
  return { size, levels, bundle };
}

function splitHashes(bytes: Uint8Array | null, path: string, width: number): Uint8Array[] {
  if (bytes === null) throw new Error(`${path} is missing`);
  if (bytes.length !== width * HASH_BYTES)
    throw new Error(`${path} has ${bytes.length} bytes instead of ${width * HASH_BYTES}`);
  return Array.from({ length: width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}
