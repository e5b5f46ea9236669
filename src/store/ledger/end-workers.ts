import type pg from 'pg';

/**
 * Ends processes whose lease has run out: afterwards they can record nothing. The order matters. First the lease, for good:
 * no lane is opened behind that. Then the lanes: whoever is in the middle of a batch is waited for. What such a process
 * left open is then closed by the rounds of the journal (`JournalSource.reap`). Gives whether there is any.
 */
export async function endWorkers(pool: pg.Pool): Promise<boolean> {
  await pool.query(
    `UPDATE worker SET lease_until = '-infinity' WHERE lease_until <= now() AND lease_until <> '-infinity'`,
  );
  await pool.query(
    `UPDATE journal_lane AS l SET ended = true
     WHERE NOT ended AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = l.worker AND w.lease_until > '-infinity')`,
  );
  const { rows } = await pool.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM intent AS i
       WHERE NOT EXISTS (SELECT FROM worker AS w WHERE w.id = i.worker AND w.lease_until > '-infinity')) AS open`,
  );
  await buryWorkers(pool);
  return rows[0]?.open ?? false;
}

/** Nothing of it is left: its quota slices are given back, then its row goes. */
const BURIED = `
  SELECT id FROM worker AS w WHERE lease_until = '-infinity'
    AND NOT EXISTS (SELECT FROM journal_lane WHERE worker = w.id AND NOT ended)
    AND NOT EXISTS (SELECT FROM journal WHERE worker = w.id)
    AND NOT EXISTS (SELECT FROM intent WHERE worker = w.id)`;

async function buryWorkers(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(BURIED);
  for (const { id } of rows) {
    await pool.query('SELECT programmes_end_worker($1)', [id]);
    await pool.query('DELETE FROM journal_lane WHERE worker = $1', [id]);
    await pool.query('DELETE FROM worker WHERE id = $1', [id]);
  }
}
