import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Holding } from '../../ledger/ports.ts';

export interface JournalBatch {
  readonly items: Uint8Array;
  /** Records in it. */
  readonly records: number;
  /** What its outcomes really used. */
  readonly spent: readonly Holding[];
}

/** Once in a while is often enough: behind a round that took something the ledger looks again by itself. */
const TELL_MS = 50;

/**
 * The row of the lane is the fence. Whoever moves it forward writes the batch, once; the reaper ends it, and waits here for
 * who is in the middle of it. Behind the end nothing of this process is taken. Spending is settled in the same transaction.
 */
const WRITE = `
WITH moved AS MATERIALIZED (
  UPDATE journal_lane SET batch = $2
    WHERE id = $1 AND batch < $2 AND NOT ended AND EXISTS (SELECT FROM worker WHERE id = $5 AND lease_until > now())
    RETURNING id
), added AS (
  INSERT INTO journal (worker, records, items) SELECT $5, $3, $4 FROM moved
), told AS MATERIALIZED (
  SELECT pg_notify('polity_ledger', '') FROM moved WHERE $6
)`;

const WRITE_ONLY = `${WRITE} SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM told)`;

const WRITE_AND_SETTLE = `${WRITE}, settled AS MATERIALIZED (
  SELECT programmes_settle($5, $7::text[], $8::bigint[]) FROM moved
) SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM told), (SELECT count(*) FROM settled)`;

/** The lock on the worker's row makes the reaper wait: there is no lane that it has not seen. */
const OPEN_LANE = `
  INSERT INTO journal_lane (id, worker) SELECT $1, id FROM worker WHERE id = $2 AND lease_until > now() FOR SHARE
  ON CONFLICT DO NOTHING`;

const READ_LANE = `
  SELECT batch, ended, EXISTS (SELECT FROM worker AS w WHERE w.id = l.worker AND lease_until > now()) AS alive
  FROM journal_lane AS l WHERE id = $1`;

/** One batch after another into the journal; each exactly once, however often its answer is lost. */
export class JournalWriter {
  readonly #pool: pg.Pool;
  readonly #worker: string;
  readonly #lane = randomUUID();
  #batch = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(pool: pg.Pool, worker: string) {
    this.#pool = pool;
    this.#worker = worker;
  }

  /** Starts a batch. Until it is taken or refused, `write` is for this one. */
  begin(): void {
    this.#batch++;
  }

  /** `refused`: the lease of this process has run out. Rejects while nobody knows: try again with the same batch. */
  async write(batch: JournalBatch): Promise<'taken' | 'refused'> {
    for (;;) {
      if (await this.#tryWrite(batch)) return 'taken';
      await this.#pool.query(OPEN_LANE, [this.#lane, this.#worker]);
      const { rows } = await this.#pool.query<{ batch: number; ended: boolean; alive: boolean }>(READ_LANE, [
        this.#lane,
      ]);
      const [lane] = rows;
      if (lane !== undefined && lane.batch >= this.#batch) return 'taken';
      if (lane === undefined || lane.ended || !lane.alive) return 'refused';
    }
  }

  async #tryWrite({ items, records, spent }: JournalBatch): Promise<boolean> {
    const nowMs = performance.now();
    const isTold = nowMs - this.#toldMs > TELL_MS;
    const values: unknown[] = [this.#lane, this.#batch, records, items, this.#worker, isTold];
    if (spent.length > 0) {
      const sums = sumByLease(spent);
      values.push([...sums.keys()], [...sums.values()]);
    }
    const { rows } = await this.#pool.query<{ moved: number }>({
      name: spent.length > 0 ? 'journal-settle' : 'journal',
      text: spent.length > 0 ? WRITE_AND_SETTLE : WRITE_ONLY,
      values,
    });
    const isMoved = rows[0]?.moved === 1;
    if (isTold && isMoved) this.#toldMs = nowMs;
    return isMoved;
  }
}

function sumByLease(spent: readonly Holding[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { leaseId, amount } of spent) sums.set(leaseId, (sums.get(leaseId) ?? 0) + amount);
  return sums;
}
