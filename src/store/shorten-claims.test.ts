import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { openWorkerLease } from './platform/worker-lease.ts';
import { ClaimKeeper } from './shorten-claims.ts';
import { openVaultStore } from './vault/open-vault-store.ts';

let database: TestDatabase;
let pool: pg.Pool;
before(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});
after(async () => {
  await pool?.end();
  await database?.drop();
});

const CLAIMS = `
  SELECT 'worker' AS what, lease_until - now() AS left FROM worker
  UNION ALL SELECT 'batch', worker_until - now() FROM vault_batch
  UNION ALL SELECT 'line', busy_until - now() FROM vault_batch_line
  UNION ALL SELECT 'call', CASE WHEN wanted_until = '-infinity' THEN '0' ELSE wanted_until - now() END FROM quota_account`;

/** Seconds until each ends. */
async function readClaims(): Promise<Record<string, number>> {
  const { rows } = await pool.query(`SELECT what, extract(epoch FROM "left")::float8 AS seconds FROM (${CLAIMS}) AS c`);
  return Object.fromEntries(rows.map(({ what, seconds }) => [what, seconds]));
}

/** For who reads ends of claims, these have moved as when the clock moves. */
async function stepBack(hours: number): Promise<void> {
  for (const [table, column] of [
    ['worker', 'lease_until'],
    ['vault_batch', 'worker_until'],
    ['vault_batch_line', 'busy_until'],
    ['quota_account', 'wanted_until'],
  ])
    await pool.query(`UPDATE ${table} SET ${column} = ${column} + make_interval(hours => $1)`, [hours]);
}

async function claimAll(): Promise<void> {
  const store = openVaultStore(pool);
  const lease = await openWorkerLease(pool, { id: 'gateway-1', role: 'gateway', onLost: () => {} });
  const times = { createdAtMs: 1, endsByMs: Date.now() + 86_400_000, keptUntilMs: Date.now() + 86_400_000 };
  await store.insertBatch({
    ...{ id: `batch_${randomBytes(16).toString('hex')}`, tenant: 'agency', keyId: 'key_1', purpose: 'drafting' },
    ...{ endpoint: '/v1/chat/completions', inputFile: 'file-1', outputFile: null, errorFile: null },
    ...{
      state: 'in_progress',
      details: Buffer.of(1),
      times: { in_progress: 1 },
      inputBytes: 1,
      counts: null,
      ...times,
    },
  });
  const batch = await store.claimBatch('gateway-1', ['in_progress'], 60_000);
  assert.ok(batch !== null);
  await store.addLines(batch.id, [{ number: 1, sealed: Buffer.of(1) }]);
  assert.equal((await store.claimLines(1, { forMs: 60_000, atMs: Date.now() })).length, 1);
  await pool.query(`INSERT INTO quota_account (owner, limit_kind, window_start_ms, limit_amount, wanted_until)
    VALUES ('key:1', 'concurrent', 0, 10, clock_timestamp() + interval '1 second')`);
  // Should it renew meanwhile, it says the same: ten seconds.
  after(() => lease.end());
}

test('what a clock that stepped back left in the future ends as soon as if it were claimed now, and not at once', async () => {
  await claimAll();
  const claimed = await readClaims();
  let monotonicMs = 1_000;
  const keeper = new ClaimKeeper(pool, { monotonicMs: () => monotonicMs });
  await keeper.look();
  for (const [what, seconds] of Object.entries(await readClaims()))
    assert.ok(Math.abs(seconds - (claimed[what] ?? 0)) < 5, `${what} is none of this: ${seconds} s`);
  await stepBack(2);
  await keeper.look();
  assert.ok(((await readClaims()).batch ?? 0) > 3_600, 'no clock has stepped: nobody looked');
  // While ours went on, the server's lost two hours.
  monotonicMs += 7_200_000;
  await keeper.look();
  await assertShortened();
  await stepBack(2);
  await new ClaimKeeper(pool, { monotonicMs: () => monotonicMs }).look();
  await assertShortened();
});

async function assertShortened(): Promise<void> {
  const { worker = 0, batch = 0, line = 0, call = 1 } = await readClaims();
  assert.ok(worker > 5 && worker <= 10, `a lease: ${worker} s`);
  assert.ok(batch > 50 && batch <= 60, `a batch: ${batch} s`);
  assert.ok(line > 50 && line <= 60, `a line: ${line} s`);
  assert.ok(call <= 0, `a call for slices: ${call} s`);
}
