import type pg from 'pg';
import type { Clock } from '../kit/index.ts';

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

/** Steps that are smaller cost less than looking at every claim. */
const STEP_MS = 5_000;
const NOW = `SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`;

/**
 * A clock that steps back leaves claims and leases that end hours from now: what a dead process had, and a batch that was only
 * looked at, would be stuck for so long. Called now and then, looks at them when the server's clock has lost time against
 * ours that never steps, and once in the beginning, for nobody watched before.
 */
export class ClaimKeeper {
  readonly #pool: pg.Pool;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** The most by which the server's clock was ahead of ours since it stepped. */
  #aheadMs = Number.POSITIVE_INFINITY;

  constructor(pool: pg.Pool, clock: Pick<Clock, 'monotonicMs'>) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async look(): Promise<void> {
    const { rows } = await this.#pool.query<{ now: number }>(NOW);
    const aheadMs = (rows[0]?.now ?? 0) - this.#clock.monotonicMs();
    if (aheadMs < this.#aheadMs - STEP_MS) {
      await shortenClaims(this.#pool);
      this.#aheadMs = aheadMs;
    } else this.#aheadMs = Math.max(this.#aheadMs, aheadMs);
  }
}

/** Without a look at the clock. */
async function shortenClaims(pool: pg.Pool): Promise<void> {
  for (const text of SHORTEN) await pool.query(text);
}
