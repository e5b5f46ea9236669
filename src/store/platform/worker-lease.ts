import { hostname } from 'node:os';
import type pg from 'pg';

/** How long a process that went silent is still taken for alive. Its intents and quota slices wait that long. */
const LEASE_SECONDS = 10;
const HEARTBEAT_MS = 1_000;

export interface WorkerLease {
  /** Says which charter this process answers by. */
  setCharter(digest: string): Promise<void>;
  /** Ends the lease: whatever is still open belongs to the reaper. */
  end(): Promise<void>;
}

interface WorkerOptions {
  readonly id: string;
  readonly role: string;
  /** The lease was ended from outside: this process must stop at once, others may already have closed its intents. */
  onLost(): void;
}

export async function openWorkerLease(pool: pg.Pool, options: WorkerOptions): Promise<WorkerLease> {
  const { id, role } = options;
  await pool.query(
    `INSERT INTO worker (id, role, host, pid, lease_until) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [id, role, hostname(), process.pid, LEASE_SECONDS],
  );
  let ended = false;
  const beat = async () => {
    const renew = `UPDATE worker SET lease_until = now() + make_interval(secs => $2) WHERE id = $1 AND lease_until > now()`;
    try {
      const { rowCount } = await pool.query(renew, [id, LEASE_SECONDS]);
      if (rowCount === 0 && !ended) options.onLost();
    } catch {
      // The database is away; the next beat asks again, and the lease decides who was right.
    }
  };
  const timer = setInterval(() => void beat(), HEARTBEAT_MS);
  return {
    async setCharter(digest) {
      await pool.query('UPDATE worker SET charter_digest = $2 WHERE id = $1', [id, digest]);
    },
    async end() {
      ended = true;
      clearInterval(timer);
      await endWorkerLease(pool, id);
    },
  };
}

/** Ends a process's lease at once, as when its supervisor saw it die. */
export async function endWorkerLease(pool: pg.Pool, id: string): Promise<void> {
  await pool.query(`UPDATE worker SET lease_until = '-infinity' WHERE id = $1`, [id]);
}

/** At a start: the leases of processes that a killed supervisor left are over, and need not be waited for. */
export async function endAllLeases(pool: pg.Pool, where: 'everywhere' | 'on this machine'): Promise<void> {
  const text = `UPDATE worker SET lease_until = '-infinity' WHERE lease_until > now() AND ($1 OR host = $2)`;
  await pool.query(text, [where === 'everywhere', hostname()]);
}

/** Whether every live gateway answers by this charter. */
export async function gatewaysWithout(pool: pg.Pool, digest: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM worker WHERE role = 'gateway' AND lease_until > now() AND charter_digest IS DISTINCT FROM $1`,
    [digest],
  );
  return rows.map(({ id }) => id);
}
