/** Growing the tree: from a right edge and new entries to the tiles that change. Pure; the store keeps what comes out. */
import { concat, equalBytes } from '../kit/index.ts';
import { RowHasher } from './hash-row.ts';
import { decodeBundle, encodeBundle, entriesPath, TILE_WIDTH, tilePath } from './tiles.ts';
import { EMPTY_ROOT, HASH_BYTES, leafHash } from './tree.ts';

/** What must be known to append: the partial tile of each level and the entries of the partial bundle. */
export interface Edge {
  readonly size: number;
  /** `levels[l]` has floor(size / 256^l) mod 256 hashes, one behind the other: the bytes of its partial tile. */
  readonly levels: readonly Uint8Array[];
  readonly bundle: readonly Uint8Array[];
}

interface StoredTile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

type StoredBundle = Omit<StoredTile, 'level'>;

export interface Appended {
  readonly edge: Edge;
  readonly root: Uint8Array;
  /** Completed tiles and the new partial ones, in their final state of this append. */
  readonly tiles: readonly StoredTile[];
  readonly bundles: readonly StoredBundle[];
}

export const emptyEdge: Edge = { size: 0, levels: [], bundle: [] };

/** The tile of a level that grows. */
interface Row {
  readonly bytes: Buffer;
  count: number;
  index: number;
}

class Growth {
  readonly tiles: StoredTile[] = [];
  readonly bundles: StoredBundle[] = [];
  readonly rows: Row[];
  bundle: Uint8Array[];
  size: number;
  readonly #hasher = new RowHasher();

  constructor(edge: Edge) {
    this.size = edge.size;
    this.bundle = [...edge.bundle];
    this.rows = edge.levels.map((hashes, level) => {
      const bytes = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
      bytes.set(hashes);
      return { bytes, count: hashes.length / HASH_BYTES, index: Math.floor(edge.size / TILE_WIDTH ** (level + 1)) };
    });
  }

  add(entry: Uint8Array): void {
    this.bundle.push(entry);
    this.size++;
    if (this.bundle.length === TILE_WIDTH) {
      const index = this.size / TILE_WIDTH - 1;
      this.bundles.push({ index, width: TILE_WIDTH, bytes: encodeBundle(this.bundle) });
      this.bundle = [];
    }
    const row = this.#row(0);
    this.#hasher.leaf(entry, row.bytes, row.count);
    this.#grown(0, row);
  }

  #row(level: number): Row {
    let row = this.rows[level];
    if (row === undefined) {
      row = { bytes: Buffer.alloc(TILE_WIDTH * HASH_BYTES), count: 0, index: 0 };
      this.rows.push(row);
    }
    return row;
  }

  /** A tile that fills up becomes a hash of the level above. */
  #grown(level: number, row: Row): void {
    row.count++;
    if (row.count < TILE_WIDTH) return;
    this.tiles.push({ level, index: row.index, width: TILE_WIDTH, bytes: new Uint8Array(row.bytes) });
    row.count = 0;
    row.index++;
    const above = this.#row(level + 1);
    above.bytes.set(this.#hasher.fold(row.bytes), above.count * HASH_BYTES);
    this.#grown(level + 1, above);
  }

  edge(): Edge {
    const levels = this.rows.map(({ bytes, count }) => new Uint8Array(bytes.subarray(0, count * HASH_BYTES)));
    return { size: this.size, levels, bundle: this.bundle };
  }
}

/** Appends entries. A partial tile is written only for the size that results, never hashed upwards. */
export function appendEntries(edge: Edge, entries: readonly Uint8Array[]): Appended {
  if (!Number.isSafeInteger(edge.size + entries.length))
    throw new RangeError('the tree would grow beyond 2^53 entries');
  const growth = new Growth(edge);
  for (const entry of entries) growth.add(entry);
  const { tiles, bundles, rows } = growth;
  const grown = growth.edge();
  for (const [level, { index, count: width }] of rows.entries()) {
    // A tile that this append has not touched is stored already.
    const isKept = index * TILE_WIDTH + width === Math.floor(edge.size / TILE_WIDTH ** level);
    if (width > 0 && !isKept) tiles.push({ level, index, width, bytes: grown.levels[level] as Uint8Array });
  }
  const width = grown.bundle.length;
  if (width > 0 && entries.length > 0) {
    bundles.push({ index: Math.floor(grown.size / TILE_WIDTH), width, bytes: encodeBundle(grown.bundle) });
  }
  return { edge: grown, root: rootOf(grown), tiles, bundles };
}

/** The root, folded from the partial tiles: the lowest level is the rightmost part of the tree. */
export function rootOf(edge: Edge): Uint8Array {
  const hasher = new RowHasher();
  let right = new Uint8Array();
  for (const hashes of edge.levels) {
    if (hashes.length + right.length > 0) right = hasher.fold(concat(hashes, right)) as Uint8Array<ArrayBuffer>;
  }
  return right.length === 0 ? EMPTY_ROOT : right;
}

export interface EdgeSource {
  tile(level: number, index: number, width: number): Promise<Uint8Array | null>;
  bundle(index: number, width: number): Promise<Uint8Array | null>;
}

/**
 * Rebuilds the edge of a stored tree and compares its entries with their hashes; that `rootOf` it is the signed root is the
 * caller's check. @throws Error that names the first wrong place
 */
export async function edgeFromTiles(size: number, source: EdgeSource): Promise<Edge> {
  const levels: Uint8Array[] = [];
  for (let count = size, level = 0; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const [index, width] = [Math.floor(count / TILE_WIDTH), count % TILE_WIDTH];
    const bytes = width === 0 ? new Uint8Array() : await source.tile(level, index, width);
    levels.push(checkTile(bytes, tilePath(level, index, width), width));
  }
  const [index, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
  const bytes = width === 0 ? new Uint8Array() : await source.bundle(index, width);
  if (bytes === null) throw new Error(`${entriesPath(index, width)} is missing`);
  const bundle = decodeBundle(bytes, width);
  for (const [i, entry] of bundle.entries()) {
    const kept = levels[0]?.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
    if (kept === undefined || !equalBytes(kept, leafHash(entry))) {
      throw new Error(`${entriesPath(index, width)} entry ${i} does not match ${tilePath(0, index, width)}`);
    }
  }
  return { size, levels, bundle };
}

function checkTile(bytes: Uint8Array | null, path: string, width: number): Uint8Array {
  if (bytes === null) throw new Error(`${path} is missing`);
  if (bytes.length !== width * HASH_BYTES)
    throw new Error(`${path} has ${bytes.length} bytes instead of ${width * HASH_BYTES}`);
  return bytes;
}
