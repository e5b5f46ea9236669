import type pg from 'pg';

/**
 * By the server's clock, each to where the same claim would end if it were made now; whoever lives renews its own long before
 * that. Nothing is freed at once: a line that runs would be put, and paid, a second time. What ends a little late is left.
 */
const SHORTEN = [
  `UPDATE worker SET lease_until = now() + interval '10 seconds' WHERE lease_until > now() + interval '20 seconds'`,
  `UPDATE vault_batch SET worker_until = now() + interval '1 minute'
   WHERE state IN ('validating', 'in_progress', 'finalizing', 'cancelling') AND worker_until > now() + interval '2 minutes'`,
  `UPDATE vault_batch_line SET busy_until = now() + interval '1 minute'
   WHERE state = 'waiting' AND busy_until > now() + interval '2 minutes'`,
  // A call for slices, no claim: it is over a second after it was made.
  `UPDATE quota_account SET wanted_until = '-infinity' WHERE wanted_until > now() + interval '2 seconds'`,
];

/**
 * A clock that steps back leaves claims and leases that end hours from now: what a dead process had, and a batch that was only
 * looked at, would be stuck for so long.
 */
export async function shortenClaims(pool: pg.Pool): Promise<void> {
  for (const text of SHORTEN) await pool.query(text);
}
