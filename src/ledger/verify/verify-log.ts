import { equalBytes, fromUtf8 } from '../../kit/browser.ts';
import { decodeBundle, entriesPath, TILE_WIDTH, tilePath } from '../tiles.ts';
import { allHashes, hashLeaf, isUnsupported, type Sha256, webSha256 } from './crypto.ts';
import { firstDifference, foldLevels, foldRow, HASH_BYTES, splitTile } from './tile-rows.ts';
import { openCheckpoint, type SignedHead, type TrustedLog } from './verify-note.ts';

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

/** Bundles read at the same time, each with its tile: hides the way to the server. */
const READ_AHEAD = 8;

/**
 * Reads everything, hashes every entry anew, and compares every stored tile with what comes out. Public bytes and keys alone.
 * Keeps the right edge of the tree and no more, however large the log is.
 */
export async function verifyLog(source: LogSource, log: TrustedLog, options: LogOptions = {}): Promise<LogVerdict> {
  try {
    const run = new LogRun(source, options);
    const head = await openHead(await run.need('checkpoint'), log, { place: 'checkpoint', sha256: run.sha256 });
    const older = options.older === undefined ? null : await openOlder(options.older, log, run.sha256);
    if (older !== null && older.size > head.size)
      throw new Fault('checkpoint', `the log had ${older.size} entries before and has ${head.size} now`);
    return await run.check(head, older);
  } catch (cause) {
    if (cause instanceof Fault) return { kind: 'fails', place: cause.place, reason: cause.message };
    throw cause;
  }
}

async function openHead(bytes: Uint8Array, log: TrustedLog, { place, sha256 }: { place: string; sha256: Sha256 }) {
  let head: SignedHead;
  try {
    head = await openCheckpoint(fromUtf8(bytes), log, sha256);
  } catch (cause) {
    if (isUnsupported(cause)) throw cause;
    throw new Fault(place, (cause as Error).message);
  }
  if (!head.hasQuorum) throw new Fault(place, 'fewer witnesses have signed than the policy demands');
  return head;
}

/** What somebody kept may be from before the witnesses came: the log's own signature is enough. */
async function openOlder(checkpoint: string, log: TrustedLog, sha256: Sha256): Promise<SignedHead> {
  const bytes = new TextEncoder().encode(checkpoint);
  return await openHead(bytes, { ...log, policy: 'quorum none\n' }, { place: 'the older checkpoint', sha256 });
}

interface Pair {
  readonly index: number;
  readonly width: number;
  readonly bundle: Uint8Array | null;
  readonly tile: Uint8Array | null;
}

class LogRun {
  readonly sha256: Sha256;
  readonly #source: LogSource;
  readonly #options: LogOptions;
  /** Hashes of the tile that grows, per level. */
  readonly #levels: Uint8Array[][] = [];
  #tiles = 0;

  constructor(source: LogSource, options: LogOptions) {
    this.#source = source;
    this.#options = options;
    this.sha256 = options.sha256 ?? webSha256;
  }

  async check(head: SignedHead, older: SignedHead | null): Promise<LogVerdict> {
    const { size, root } = head;
    const bundles = Math.ceil(size / TILE_WIDTH);
    if (older?.size === 0) await this.#checkOlder(older, []);
    for (let first = 0; first < bundles; first += READ_AHEAD) {
      const count = Math.min(READ_AHEAD, bundles - first);
      const pairs = await Promise.all(Array.from({ length: count }, (_, i) => this.#readPair(first + i, size)));
      for (const pair of pairs) await this.#take(pair, head, older);
    }
    for (const [level, hashes] of this.#levels.entries()) {
      if (level > 0 && hashes.length > 0)
        await this.#compare(level, Math.floor(size / TILE_WIDTH ** (level + 1)), hashes);
    }
    if (!equalBytes(await foldLevels(this.#levels, this.sha256), root))
      throw new Fault('checkpoint', 'the entries and tiles agree with each other, but not with the signed root');
    return { kind: 'holds', size, entries: size, tiles: this.#tiles, root };
  }

  async need(path: string): Promise<Uint8Array> {
    return found(await this.#source.read(path), path);
  }

  async #readPair(index: number, size: number): Promise<Pair> {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const [bundle, tile] = await Promise.all([
      this.#source.read(entriesPath(index, width)),
      this.#source.read(tilePath(0, index, width)),
    ]);
    return { index, width, bundle, tile };
  }

  /** A bundle against its tile of level 0. Which of the two is wrong is told by the tile above, or by the root. */
  async #take(pair: Pair, head: SignedHead, older: SignedHead | null): Promise<void> {
    const { index, width } = pair;
    const hashes = await this.#hashBundle(pair);
    const path = tilePath(0, index, width);
    const tile = whole(found(pair.tile, path), path, width);
    this.#tiles++;
    const wrong = firstDifference(hashes, tile);
    if (wrong >= 0) await this.#blame({ pair, hashes, stored: splitTile(tile), wrong }, head);
    const before = index * TILE_WIDTH;
    if (older !== null && older.size > before && older.size <= before + width)
      await this.#checkOlder(older, hashes.slice(0, older.size - before));
    if (width === TILE_WIDTH) await this.#rise(1, await foldRow(hashes, this.sha256));
    else this.#levels[0] = hashes;
    this.#options.onProgress?.(before + width, head.size);
  }

  async #hashBundle({ index, width, bundle }: Pair): Promise<Uint8Array[]> {
    const path = entriesPath(index, width);
    let entries: Uint8Array[];
    try {
      entries = decodeBundle(found(bundle, path), width);
    } catch (cause) {
      throw cause instanceof Fault ? cause : new Fault(path, (cause as Error).message);
    }
    return await allHashes(entries.map((entry) => hashLeaf(entry, this.sha256)));
  }

  /** The hash of a full tile enters the level above; what fills up is compared and rises on. */
  async #rise(level: number, hash: Uint8Array): Promise<void> {
    for (let below = this.#levels.length; below <= level; below++) this.#levels.push([]);
    const hashes = this.#levels[level] as Uint8Array[];
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    this.#levels[level] = [];
    await this.#compare(level, this.#full(level), hashes);
    await this.#rise(level + 1, await foldRow(hashes, this.sha256));
  }

  /** Full tiles of a level so far, counted in the rows above it. */
  #full(level: number): number {
    let count = 0;
    for (let above = this.#levels.length - 1; above > level; above--)
      count = count * TILE_WIDTH + (this.#levels[above] as Uint8Array[]).length;
    return count;
  }

  async #compare(level: number, index: number, hashes: readonly Uint8Array[]): Promise<void> {
    const path = tilePath(level, index, hashes.length);
    const wrong = firstDifference(hashes, whole(await this.need(path), path, hashes.length));
    if (wrong >= 0) throw new Fault(`${path} hash ${wrong}`, 'is not the hash of the tile below it');
    this.#tiles++;
  }

  async #checkOlder(older: SignedHead, lowest: readonly Uint8Array[]): Promise<void> {
    const root = await foldLevels([lowest, ...this.#levels.slice(1)], this.sha256);
    if (!equalBytes(root, older.root))
      throw new Fault('checkpoint', `the first ${older.size} entries are not those of the older checkpoint`);
  }

  async #blame(
    at: { pair: Pair; hashes: Uint8Array[]; stored: Uint8Array[]; wrong: number },
    head: SignedHead,
  ): Promise<never> {
    const { pair, hashes, stored, wrong } = at;
    const { index, width } = pair;
    const entry = `${entriesPath(index, width)} entry ${index * TILE_WIDTH + wrong}`;
    const hash = `${tilePath(0, index, width)} hash ${wrong}`;
    const isTrue = width === TILE_WIDTH ? await this.#parentOf(index, head.size) : this.#givesRoot(head.root);
    if (await isTrue(stored)) throw new Fault(entry, 'is not the entry that the tree has');
    if (await isTrue(hashes)) throw new Fault(hash, 'is not the hash of its entry');
    throw new Fault(entry, `does not give ${hash}, and neither is what the tree has`);
  }

  /** A full tile has a stored parent, hashed from the truth. */
  async #parentOf(index: number, size: number): Promise<(row: Uint8Array[]) => Promise<boolean>> {
    const above = Math.floor(index / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH) - above * TILE_WIDTH);
    const path = tilePath(1, above, width);
    const place = (index % TILE_WIDTH) * HASH_BYTES;
    const kept = whole(await this.need(path), path, width).slice(place, place + HASH_BYTES);
    return async (row) => equalBytes(await foldRow(row, this.sha256), kept);
  }

  /** The last, partial tile has no parent: with the rows above it, it gives the root. */
  #givesRoot(root: Uint8Array): (row: Uint8Array[]) => Promise<boolean> {
    return async (row) => equalBytes(await foldLevels([row, ...this.#levels.slice(1)], this.sha256), root);
  }
}

function found(bytes: Uint8Array | null, path: string): Uint8Array {
  if (bytes === null) throw new Fault(path, 'is missing');
  return bytes;
}

function whole(bytes: Uint8Array, path: string, width: number): Uint8Array {
  if (bytes.length !== width * HASH_BYTES)
    throw new Fault(path, `has ${bytes.length} bytes instead of ${width * HASH_BYTES}`);
  return bytes;
}
