import type pg from 'pg';
import { IS_ORPHAN } from './read-turns.ts';

/** What was kept long enough goes with its key; running turns of workers that are gone are closed. */
export async function sweepAssistant(pool: pg.Pool, nowMs: number): Promise<void> {
  await pool.query(`UPDATE assistant_turn AS t SET state = 'unfinished' WHERE ${IS_ORPHAN}`);
  await pool.query('DELETE FROM assistant_conversation WHERE kept_until_ms <= $1', [nowMs]);
  await pool.query(
    `DELETE FROM assistant_subject AS s WHERE kept_until_ms <= $1
       AND NOT EXISTS (SELECT FROM assistant_conversation WHERE subject = s.id)`,
    [nowMs],
  );
}
