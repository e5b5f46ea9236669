import type pg from 'pg';
import { Problem } from '../../kit/index.ts';
import type { Intent, Outcome, Recorder } from '../../ledger/ports.ts';
import { GroupCommit } from './group-commit.ts';
import { packIntents, packOutcomes, type RecordedRow } from './pack-rows.ts';

export interface RecorderOptions {
  readonly pool: pg.Pool;
  readonly worker: string;
  /** Intents that may wait for the database. Outcomes are not bounded here: each has had an intent. */
  readonly intentsMax: number;
  /** How long an intent may wait, milliseconds. Nothing was sent then. */
  readonly intentWaitMs: number;
}

export const recorderDefaults = { intentsMax: 4096, intentWaitMs: 500 } as const;

const INSERT_INTENTS = {
  name: 'record-intents',
  text: `INSERT INTO intent (receipt_id, worker, draft, holdings)
    SELECT u.id, $1, substring($2::bytea FROM (sum(u.len) OVER (ORDER BY u.n) - u.len)::int + 1 FOR u.len), u.holdings::jsonb
    FROM unnest($3::bytea[], $4::int[], $5::text[]) WITH ORDINALITY AS u (id, len, holdings, n)`,
};
const RECORD_OUTCOMES = {
  name: 'record-outcomes',
  text: `SELECT encode(taken, 'hex') AS id FROM ledger_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS taken`,
};

/** Steps 6 and 9: the only SQL on the path. One flush at a time for each kind; the next takes all that came meanwhile. */
export function openRecorder(options: RecorderOptions): Recorder {
  const { pool, worker } = options;
  const stray = new StrayIntents(pool);
  const intents = new GroupCommit<Intent, void>(async (batch) => {
    await pool.query({ ...INSERT_INTENTS, values: packIntents(worker, batch) });
    return batch.map(() => undefined);
  });
  const outcomes = new GroupCommit<Outcome, 'recorded' | 'superseded'>((batch) => recordOutcomes(pool, worker, batch));
  return {
    async recordIntent(intent) {
      if (intents.waiting >= options.intentsMax)
        throw unavailable('the queue to the ledger is full; try again shortly');
      try {
        await intents.push(intent, options.intentWaitMs);
      } catch (cause) {
        // It may have been committed all the same: nothing was sent, so the row is taken away again.
        stray.discard(intent.receiptId);
        throw unavailable('the ledger did not record the request in time; nothing was sent, try again shortly', cause);
      }
    },
    async recordOutcome(outcome) {
      try {
        return await outcomes.push(outcome);
      } catch (cause) {
        if (outcome.hasIntent) stray.abandon(outcome.receiptId);
        throw unavailable('the ledger did not record the outcome', cause);
      }
    },
  };
}

function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem('ledger-unavailable', detail, { retryAfterMs: 1_000, cause });
}

async function recordOutcomes(pool: pg.Pool, worker: string, batch: readonly Outcome[]) {
  let taken: ReadonlySet<string>;
  try {
    const { rows } = await pool.query<RecordedRow>({ ...RECORD_OUTCOMES, values: packOutcomes(worker, batch) });
    taken = new Set(rows.map(({ id }) => id));
  } catch (cause) {
    taken = await readTaken(pool, batch, cause);
  }
  return batch.map(({ receiptId }) => (taken.has(receiptId) ? ('recorded' as const) : ('superseded' as const)));
}

/** After an error nobody knows whether the commit went through. It is read, never assumed. */
async function readTaken(pool: pg.Pool, batch: readonly Outcome[], cause: unknown): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<RecordedRow>(
    `SELECT encode(d.receipt_id, 'hex') AS id FROM decision AS d
       JOIN unnest($1::bytea[], $2::bytea[]) AS u (id, leaf) ON u.id = d.receipt_id AND u.leaf = d.leaf`,
    [batch.map(({ receiptId }) => Buffer.from(receiptId, 'hex')), batch.map(({ leaf }) => Buffer.from(leaf))],
  );
  if (rows.length === 0) throw cause;
  return new Set(rows.map(({ id }) => id));
}

const RETRY_MS = 250;

/** Rows whose fate this process gave up on: intents that were refused are removed, outcomes that failed go to the reaper. */
class StrayIntents {
  readonly #pool: pg.Pool;
  readonly #discarded = new Set<string>();
  readonly #abandoned = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  discard(id: string): void {
    this.#discarded.add(id);
    this.#schedule();
  }

  abandon(id: string): void {
    this.#abandoned.add(id);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#sweep(), RETRY_MS);
    this.#timer.unref();
  }

  async #sweep(): Promise<void> {
    const discarded = [...this.#discarded];
    const abandoned = [...this.#abandoned];
    const asBytes = (ids: readonly string[]) => ids.map((id) => Buffer.from(id, 'hex'));
    try {
      await this.#pool.query('DELETE FROM intent WHERE receipt_id = ANY ($1::bytea[])', [asBytes(discarded)]);
      // Nobody's intent is everybody's: the reaper closes what has no living worker, and settles it.
      await this.#pool.query(`UPDATE intent SET worker = 'gone:' || worker WHERE receipt_id = ANY ($1::bytea[])`, [
        asBytes(abandoned),
      ]);
      for (const id of discarded) this.#discarded.delete(id);
      for (const id of abandoned) this.#abandoned.delete(id);
    } catch {
      // The database is still away.
    }
    this.#timer = null;
    if (this.#discarded.size + this.#abandoned.size > 0) this.#schedule();
  }
}
