import { concat, equalBytes, fromUtf8 } from '../../kit/browser.ts';
import { decodeBundle, entriesPath, TILE_WIDTH, tilePath } from '../tiles.ts';
import { hashLeaf, hashNode, type Sha256, webSha256 } from './crypto.ts';
import { openCheckpoint, type TrustedLog } from './verify-note.ts';

/** Gives the bytes at a path below the log's prefix, or null when there is nothing. */
export interface LogSource {
  read(path: string): Promise<Uint8Array | null>;
}

export interface LogOptions {
  readonly sha256?: Sha256;
  /** An older checkpoint of the same log: it must be a beginning of this one. */
  readonly older?: string;
  onProgress?(done: number, size: number): void;
}

export type LogVerdict =
  | {
      readonly kind: 'holds';
      readonly size: number;
      readonly entries: number;
      readonly tiles: number;
      readonly root: Uint8Array;
    }
  /** `place` is the path below the prefix, such as `tile/1/000.p/2`, with the entry or hash where it is known. */
  | { readonly kind: 'fails'; readonly place: string; readonly reason: string };

class Fault extends Error {
  readonly place: string;

  constructor(place: string, reason: string) {
    super(reason);
    this.place = place;
  }
}

const HASH_BYTES = 32;

/** Reads everything, hashes every entry anew, and compares every stored tile with what comes out. Public bytes and keys alone. */
export async function verifyLog(source: LogSource, log: TrustedLog, options: LogOptions = {}): Promise<LogVerdict> {
  try {
    return await new LogRun(source, log, options).run();
  } catch (cause) {
    if (cause instanceof Fault) return { kind: 'fails', place: cause.place, reason: cause.message };
    throw cause;
  }
}

class LogRun {
  readonly #source: LogSource;
  readonly #log: TrustedLog;
  readonly #options: LogOptions;
  readonly #sha256: Sha256;
  #tiles = 0;

  constructor(source: LogSource, log: TrustedLog, options: LogOptions) {
    this.#source = source;
    this.#log = log;
    this.#options = options;
    this.#sha256 = options.sha256 ?? webSha256;
  }

  async run(): Promise<LogVerdict> {
    const head = await this.#openHead(fromBytes(await this.#need('checkpoint')));
    const { size, root } = head;
    const older = this.#options.older === undefined ? null : await this.#openHead(this.#options.older);
    if (older !== null && older.size > size)
      throw new Fault('checkpoint', `the log had ${older.size} entries before and has ${size} now`);
    const leaves = await this.#checkEntries(size);
    const found = await this.#checkLevels(leaves);
    if (!equalBytes(found, root)) {
      throw new Fault('checkpoint', 'the entries and tiles agree with each other, but not with the signed root');
    }
    if (older !== null && !equalBytes(await this.#rootOf(leaves.slice(0, older.size)), older.root)) {
      throw new Fault('checkpoint', `the first ${older.size} entries are not those of the older checkpoint`);
    }
    return { kind: 'holds', size, entries: leaves.length, tiles: this.#tiles, root };
  }

  async #openHead(checkpoint: string) {
    try {
      return await openCheckpoint(checkpoint, this.#log, this.#sha256);
    } catch (cause) {
      throw new Fault('checkpoint', (cause as Error).message);
    }
  }

  async #need(path: string): Promise<Uint8Array> {
    const bytes = await this.#source.read(path);
    if (bytes === null) throw new Fault(path, 'is missing');
    return bytes;
  }

  /** Every bundle against its tile of level 0. Which of the two is wrong is told by the tile above, or by the root. */
  async #checkEntries(size: number): Promise<Uint8Array[]> {
    const leaves: Uint8Array[] = [];
    for (let index = 0; index * TILE_WIDTH < size; index++) {
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      const path = entriesPath(index, width);
      const hashes = await this.#hashBundle(path, width);
      const tile = await this.#readTile(0, index, width);
      const wrong = firstDifference(hashes, tile);
      if (wrong >= 0) await this.#blame({ hashes, tile, wrong, index, width, path, size });
      leaves.push(...hashes);
      this.#options.onProgress?.(leaves.length, size);
    }
    return leaves;
  }

  async #hashBundle(path: string, width: number): Promise<Uint8Array[]> {
    let entries: Uint8Array[];
    try {
      entries = decodeBundle(await this.#need(path), width);
    } catch (cause) {
      throw cause instanceof Fault ? cause : new Fault(path, (cause as Error).message);
    }
    const hashes: Uint8Array[] = [];
    for (const entry of entries) hashes.push(await hashLeaf(entry, this.#sha256));
    return hashes;
  }

  async #readTile(level: number, index: number, width: number): Promise<Uint8Array> {
    const path = tilePath(level, index, width);
    const bytes = await this.#need(path);
    if (bytes.length !== width * HASH_BYTES)
      throw new Fault(path, `has ${bytes.length} bytes instead of ${width * HASH_BYTES}`);
    this.#tiles++;
    return bytes;
  }

  async #blame(at: {
    hashes: Uint8Array[];
    tile: Uint8Array;
    wrong: number;
    index: number;
    width: number;
    path: string;
    size: number;
  }): Promise<never> {
    const { hashes, tile, wrong, index, width, path, size } = at;
    const entry = `${path} entry ${index * TILE_WIDTH + wrong}`;
    const hash = `${tilePath(0, index, width)} hash ${wrong}`;
    // A full tile has a parent that was hashed from the truth; beside it the culprit shows.
    if (width === TILE_WIDTH) {
      const above = Math.floor(index / TILE_WIDTH);
      const parents = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH) - above * TILE_WIDTH);
      const parent = await this.#readTile(1, above, parents);
      const kept = parent.slice((index % TILE_WIDTH) * HASH_BYTES, ((index % TILE_WIDTH) + 1) * HASH_BYTES);
      if (equalBytes(await this.#fold(split(tile)), kept)) throw new Fault(entry, 'is not the entry that the tree has');
      if (equalBytes(await this.#fold(hashes), kept)) throw new Fault(hash, 'is not the hash of its entry');
    }
    const signed = await this.#openHead(fromBytes(await this.#need('checkpoint')));
    if (equalBytes(await this.#rootWithLastTile(tile, size), signed.root))
      throw new Fault(entry, 'is not the entry that the tree has');
    throw new Fault(hash, `is not the hash of its entry, or ${entry} is not the one that the tree has`);
  }

  /** The root that the stored tiles give: right edge of each level, the lowest being the given one. */
  async #rootWithLastTile(tile: Uint8Array, size: number): Promise<Uint8Array> {
    let right: Uint8Array | null = null;
    for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
      const width = count % TILE_WIDTH;
      const bytes =
        width === 0
          ? new Uint8Array()
          : level === 0
            ? tile
            : await this.#readTile(level, Math.floor(count / TILE_WIDTH), width);
      const row: Uint8Array[] = right === null ? split(bytes) : [...split(bytes), right];
      if (row.length > 0) right = await this.#fold(row);
    }
    return right ?? (await this.#sha256(new Uint8Array()));
  }

  /** Every higher tile against the hashes of the full tiles below it. Gives the root. */
  async #checkLevels(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
    let below = leaves;
    for (let level = 1; Math.floor(below.length / TILE_WIDTH) > 0; level++) {
      const hashes: Uint8Array[] = [];
      for (let i = 0; (i + 1) * TILE_WIDTH <= below.length; i++) {
        hashes.push(await this.#fold(below.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH)));
      }
      for (let index = 0; index * TILE_WIDTH < hashes.length; index++) {
        const row = hashes.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
        const wrong = firstDifference(row, await this.#readTile(level, index, row.length));
        if (wrong >= 0)
          throw new Fault(
            `${tilePath(level, index, row.length)} hash ${wrong}`,
            'is not the hash of the tile below it',
          );
      }
      below = hashes;
    }
    return await this.#rootOf(leaves);
  }

  async #rootOf(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
    return leaves.length === 0 ? await this.#sha256(new Uint8Array()) : await this.#fold(leaves);
  }

  /** RFC 9162's tree over hashes: pairs level by level, an odd last one moves up as it is. */
  async #fold(hashes: readonly Uint8Array[]): Promise<Uint8Array> {
    let row = hashes;
    while (row.length > 1) {
      const above: Uint8Array[] = [];
      for (let i = 0; i + 1 < row.length; i += 2)
        above.push(await hashNode(row[i] as Uint8Array, row[i + 1] as Uint8Array, this.#sha256));
      if (row.length % 2 === 1) above.push(row.at(-1) as Uint8Array);
      row = above;
    }
    return row[0] as Uint8Array;
  }
}

function fromBytes(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new Fault('checkpoint', 'is not UTF-8');
  }
}

function split(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, i) => tile.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

function firstDifference(hashes: readonly Uint8Array[], tile: Uint8Array): number {
  if (equalBytes(concat(...hashes), tile)) return -1;
  return hashes.findIndex((hash, i) => !equalBytes(hash, tile.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)));
}
