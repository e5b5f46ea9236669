import type pg from 'pg';

/** Below this there is nothing to gain. */
const ROWS_MIN = 500;

/**
 * Makes room where taken rows lay. The server's own vacuum comes once a minute; by then a busy journal would have grown by
 * hundreds of megabytes. The room is kept for the next rows. Gives how many rows were taken when it was made last.
 */
export async function sweepJournal(
  pool: pg.Pool,
  rows: { readonly taken: number; readonly swept: number },
): Promise<number> {
  if (rows.taken - rows.swept < ROWS_MIN) return rows.swept;
  await pool.query('VACUUM (TRUNCATE false) journal');
  return rows.taken;
}
