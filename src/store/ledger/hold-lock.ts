import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** An arbitrary number that all versions of Polity share. */
const LEDGER_LOCK = 7_023_512;
const RETRY_MS = 500;

export interface LedgerLock {
  release(): Promise<void>;
}

/**
 * Waits until no other process sequences. A session of its own holds the lock; it says who should try, and nothing more:
 * what keeps two writers apart is the epoch.
 */
export async function holdLedgerLock(url: string, onLost: () => void): Promise<LedgerLock> {
  const client = new pg.Client({ connectionString: url, application_name: 'polity-ledger-lock', keepAlive: true });
  let released = false;
  client.on('error', () => {});
  await client.connect();
  client.once('end', () => {
    if (!released) onLost();
  });
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LEDGER_LOCK]);
    if (rows[0]?.held) break;
    await delay(RETRY_MS);
  }
  return {
    async release() {
      released = true;
      await client.end();
    },
  };
}
