import type pg from 'pg';
import { type Clock, fromUtf8, type Ids, utf8 } from '../../kit/index.ts';
import { sealUnfinished } from '../../ledger/index.ts';
import type { Holding } from '../../ledger/ports.ts';
import { closeDecisions } from './close-decisions.ts';

interface OrphanRow {
  readonly id: string;
  readonly worker: string;
  readonly draft: Buffer;
  readonly holdings: Buffer;
  readonly account: Buffer | null;
}

/** Of an intent from before usage was counted. */
const NOBODY = utf8('{}');

/** Orphans of one round: bounds how long the ledger process is busy with the past. */
const ROUND_MAX = 256;

const FIND_ORPHANS = `
  SELECT encode(i.receipt_id, 'hex') AS id, i.worker, i.draft, i.holdings, i.account
  FROM intent AS i LEFT JOIN worker AS w ON w.id = i.worker AND w.lease_until > now()
  WHERE w.id IS NULL OR i.given_up LIMIT ${ROUND_MAX}`;

/** Closes intents whose process is gone, as unfinished and at the reserved price. Gives how many there were. */
export async function reapIntents(pool: pg.Pool, kit: { clock: Clock; ids: Ids }): Promise<number> {
  const { rows } = await pool.query<OrphanRow>(FIND_ORPHANS);
  for (const [worker, orphans] of Map.groupBy(rows, (row) => row.worker)) {
    const outcomes = orphans.map(({ id, draft, holdings, account }) => ({
      receiptId: id,
      hasIntent: true,
      account: account ?? NOBODY,
      spent: JSON.parse(fromUtf8(holdings)) as Holding[],
      ...sealUnfinished(JSON.parse(fromUtf8(draft)), kit.clock.wallMs(), kit.ids),
    }));
    await closeDecisions(pool, worker, outcomes);
  }
  if (rows.length < ROUND_MAX) await buryWorkers(pool);
  return rows.length;
}

/** A worker without a lease and without intents: its quota slices are given back, then its row goes. */
async function buryWorkers(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM worker AS w WHERE lease_until <= now() AND NOT EXISTS (SELECT FROM intent WHERE worker = w.id)`,
  );
  for (const { id } of rows) {
    await pool.query('SELECT programmes_end_worker($1)', [id]);
    await pool.query('DELETE FROM worker WHERE id = $1 AND lease_until <= now()', [id]);
  }
}
