import type pg from 'pg';
import type { EntrySource, Taken } from './sequencer.ts';

interface Pending {
  readonly leaf: Buffer;
  readonly key_id: string | null;
}

/** Entries of one transaction: bounds its memory and how long it holds the queue. */
const BATCH_MAX = 4096;

/** Governance records. Taken by DELETE, never by a watermark: commits come out of order. */
export function pendingSource(family: string): EntrySource {
  return {
    async take(client) {
      const { rows } = await client.query<Pending>({
        name: 'drain-pending',
        text: `WITH taken AS (
            DELETE FROM pending WHERE seq IN (SELECT seq FROM pending WHERE family = $1 ORDER BY seq LIMIT ${BATCH_MAX})
            RETURNING seq, leaf, key_id)
          SELECT leaf, key_id FROM taken ORDER BY seq`,
        values: [family],
      });
      return rows.length === 0 ? null : takenOf(rows);
    },
  };
}

function takenOf(rows: readonly Pending[]): Taken {
  return {
    leaves: rows.map(({ leaf }) => leaf),
    async store(client: pg.PoolClient, { first }) {
      for (const [i, { key_id }] of rows.entries()) {
        if (key_id !== null)
          await client.query('UPDATE receipt_key SET governance_index = $2 WHERE id = $1', [key_id, first + i]);
      }
    },
  };
}
