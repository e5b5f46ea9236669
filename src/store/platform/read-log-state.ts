import type pg from 'pg';

/** How far the wall clock of the database may stand behind the newest start of a process. Seconds. */
const CLOCK_STEP_SECONDS = 2;

export interface LogState {
  /** A ledger process is alive. */
  readonly isSequencing: boolean;
  readonly hasSteppedBack: boolean;
}

/** What the database knows of the ledger process and of the wall clock. Rejects when it does not answer. */
export async function readLogState(pool: pg.Pool): Promise<LogState> {
  const { rows } = await pool.query<{ sequencing: boolean; stepped_back: boolean }>(
    `SELECT EXISTS (SELECT FROM worker WHERE role = 'ledger' AND lease_until > now()) AS sequencing,
            EXISTS (SELECT FROM worker WHERE started_at > now() + make_interval(secs => $1)) AS stepped_back`,
    [CLOCK_STEP_SECONDS],
  );
  return { isSequencing: rows[0]?.sequencing ?? false, hasSteppedBack: rows[0]?.stepped_back ?? false };
}
