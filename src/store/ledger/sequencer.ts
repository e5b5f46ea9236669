import type pg from 'pg';
import { equalBytes } from '../../kit/index.ts';
import {
  type Appended,
  appendEntries,
  type Edge,
  edgeFromTiles,
  formatTreeHead,
  pathOf,
  rootOf,
  type SigningKey,
  signNote,
  TILE_WIDTH,
} from '../../ledger/index.ts';
import { readBundle, readTile } from './read-tiles.ts';

/** Another process has raised the epoch: this one must never write again. */
export class Fenced extends Error {}
/** What came back from storage is not what was written: nothing may be signed. */
export class Corrupt extends Error {}

export interface SequencerOptions {
  readonly pool: pg.Pool;
  readonly log: string;
  readonly origin: string;
  readonly logKey: SigningKey;
  /** Where its entries come from. */
  readonly source: EntrySource;
}

/** Gives what waits for its place in a log, within the transaction that grows the tree. */
export interface EntrySource {
  /** Takes what waits; null when there is nothing. */
  take(client: pg.PoolClient): Promise<Taken | null>;
}

export interface Taken {
  /** May be empty: what was taken is then stored without an entry. */
  readonly leaves: readonly Uint8Array[];
  /** Stores what belongs to the entries; the first has the place `first`. */
  store(client: pg.PoolClient, place: { readonly log: string; readonly first: number }): Promise<void>;
  /** It is durable. */
  committed?(): void;
}

/** Grows one log. Safety comes from the compare-and-swap on (epoch, size); an advisory lock would only choose who tries. */
export class Sequencer {
  readonly #options: SequencerOptions;
  #epoch = 0;
  #edge: Edge | null = null;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /** Takes the log over, verifies its right edge and publishes what a predecessor left unsigned. */
  async open(): Promise<void> {
    const { pool, log } = this.#options;
    const { rows } = await pool.query<{ epoch: number }>(
      'UPDATE log SET epoch = epoch + 1 WHERE name = $1 RETURNING epoch',
      [log],
    );
    if (rows[0] === undefined) throw new Error(`there is no log ${log}`);
    this.#epoch = rows[0].epoch;
    this.#edge = await this.#publish();
  }

  /** Moves what waits into the tree, then signs and publishes. Gives how many entries it moved. */
  async sequence(): Promise<number> {
    const edge = this.#edge ?? (await this.#publish());
    const client = await this.#options.pool.connect();
    let appended: Appended | null;
    try {
      // Forgotten first: whatever goes wrong from here on, the stored state is read again and nothing is assumed.
      this.#edge = null;
      appended = await this.#transact(client, edge);
      client.release();
    } catch (cause) {
      client.release(cause as Error);
      throw cause;
    }
    if (appended === null) {
      this.#edge = edge;
      return 0;
    }
    await this.#compareCompleted(appended);
    this.#edge = await this.#publish();
    return appended.edge.size - edge.size;
  }

  /** If we die inside, nothing happened. If the answer to COMMIT is lost, the next round reads what is true. */
  async #transact(client: pg.PoolClient, edge: Edge): Promise<Appended | null> {
    const { log, source } = this.#options;
    await client.query('BEGIN');
    const head = await client.query<{ size: number }>(
      'SELECT size FROM log WHERE name = $1 AND epoch = $2 FOR UPDATE',
      [log, this.#epoch],
    );
    if (head.rows[0] === undefined) throw new Fenced(`another process sequences ${log}`);
    if (head.rows[0].size !== edge.size)
      throw new Error(`${log} has ${head.rows[0].size} entries instead of ${edge.size}`);
    const taken = await source.take(client);
    if (taken === null) {
      await client.query('ROLLBACK');
      return null;
    }
    const appended = taken.leaves.length === 0 ? null : appendEntries(edge, taken.leaves);
    if (appended !== null) await this.#store(client, appended);
    await taken.store(client, { log, first: edge.size });
    if (appended !== null) await this.#moveHead(client, edge, appended);
    await client.query('COMMIT');
    taken.committed?.();
    return appended;
  }

  async #moveHead(client: pg.PoolClient, from: Edge, to: Appended): Promise<void> {
    const { log } = this.#options;
    const moved = await client.query(
      'UPDATE log SET size = $3, root = $4 WHERE name = $1 AND epoch = $2 AND size = $5',
      [log, this.#epoch, to.edge.size, to.root, from.size],
    );
    if (moved.rowCount !== 1) throw new Fenced(`another process sequences ${log}`);
  }

  async #store(client: pg.PoolClient, { tiles, bundles }: Appended): Promise<void> {
    const { log } = this.#options;
    await client.query(
      `INSERT INTO tile (log, level, index, width, bytes) SELECT $1, * FROM unnest($2::int[], $3::bigint[], $4::int[], $5::bytea[])`,
      [
        log,
        tiles.map((t) => t.level),
        tiles.map((t) => t.index),
        tiles.map((t) => t.width),
        tiles.map((t) => Buffer.from(t.bytes)),
      ],
    );
    await client.query(
      `INSERT INTO bundle (log, index, width, bytes) SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::bytea[])`,
      [log, bundles.map((b) => b.index), bundles.map((b) => b.width), bundles.map((b) => Buffer.from(b.bytes))],
    );
  }

  /** Full tiles are never read again to sign, so they are compared once, as storage really holds them. */
  async #compareCompleted({ tiles, bundles }: Appended): Promise<void> {
    const { pool, log } = this.#options;
    for (const tile of tiles.filter(({ width }) => width === TILE_WIDTH)) {
      const stored = await readTile(pool, log, tile);
      if (stored === null || !equalBytes(stored, tile.bytes)) throw corruptAt(log, pathOf({ kind: 'tile', ...tile }));
    }
    for (const bundle of bundles.filter(({ width }) => width === TILE_WIDTH)) {
      const stored = await readBundle(pool, log, bundle);
      if (stored === null || !equalBytes(stored, bundle.bytes))
        throw corruptAt(log, pathOf({ kind: 'entries', ...bundle }));
    }
  }

  /** The right edge from the bytes that storage really holds; one flipped bit there must stop the next signature. */
  async #readBack(size: number, root: Uint8Array): Promise<Edge> {
    const { pool, log } = this.#options;
    let edge: Edge;
    try {
      edge = await edgeFromTiles(size, {
        tile: (level, index, width) => readTile(pool, log, { level, index, width }),
        bundle: (index, width) => readBundle(pool, log, { index, width }),
      });
    } catch (cause) {
      throw new Corrupt(`${log}: ${(cause as Error).message}; nothing is signed`, { cause });
    }
    if (!equalBytes(rootOf(edge), root))
      throw new Corrupt(`${log}: the stored tiles do not give the stored root; nothing is signed`);
    return edge;
  }

  /** Signs the committed head after reading it back. The signed bytes are stored before anyone sees them. */
  async #publish(): Promise<Edge> {
    const { pool, log, origin, logKey } = this.#options;
    const { rows } = await pool.query<{ size: number; root: Buffer; checkpoint_size: number | null }>(
      'SELECT size, root, checkpoint_size FROM log WHERE name = $1 AND epoch = $2',
      [log, this.#epoch],
    );
    const [head] = rows;
    if (head === undefined) throw new Fenced(`another process sequences ${log}`);
    const edge = await this.#readBack(head.size, head.root);
    if (head.checkpoint_size === head.size) return edge;
    const checkpoint = signNote(formatTreeHead({ origin, size: head.size, root: head.root }), origin, logKey);
    const { rowCount } = await pool.query(
      'UPDATE log SET checkpoint = $3, checkpoint_size = $4 WHERE name = $1 AND epoch = $2 AND (checkpoint_size IS NULL OR checkpoint_size <= $4)',
      [log, this.#epoch, checkpoint, head.size],
    );
    if (rowCount !== 1) throw new Fenced(`another process sequences ${log}`);
    return edge;
  }
}

function corruptAt(log: string, path: string): Corrupt {
  return new Corrupt(`${log}: ${path} does not hold what was written; nothing is signed`);
}
