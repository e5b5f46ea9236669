import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { holdOf, openWorkforce, type Worker } from '../../../test/open-workers.ts';
import { Problem, systemClock } from '../../kit/index.ts';
import { LeaseQuota } from '../../programmes/index.ts';
import { openDatabase } from '../database.ts';
import { openListener } from '../open-listener.ts';
import { openSliceSource } from './open-slice-source.ts';

after(() => all.close());

const all = await openWorkforce();

test('a worker that dies leaks nothing: what it held is settled or free, and what it had of a minute counts as used', async () => {
  all.stayInMinute();
  const [dead, alive] = (await all.hire(2)) as [Worker, Worker];
  const owner = all.newOwner({ tokensPerDay: 1000, requestsPerMinute: 1000, concurrent: 3 });
  const estimate = { tokens: 100, moneyMicros: 0 };
  const finished = holdOf(await dead.quota.reserve([owner], estimate));
  await all.settle(dead.id, finished.settle({ tokens: 40, moneyMicros: 0 }));
  const orphans = [await dead.quota.reserve([owner], estimate), await dead.quota.reserve([owner], estimate)].map(
    holdOf,
  );
  const minute = await all.accountOf(owner, 'requestsPerMinute');
  assert.ok(minute.leased >= 3);

  // The reaper: closes the intents at the reserved most, then ends the worker.
  for (const orphan of orphans) await all.settle(dead.id, orphan.holdings);
  await all.bury(dead);
  await all.bury(dead);

  assert.deepEqual(await all.accountOf(owner, 'tokensPerDay'), { settled: 240, leased: 0 });
  assert.deepEqual(await all.accountOf(owner, 'concurrent'), { settled: 0, leased: 0 });
  assert.equal((await all.accountOf(owner, 'requestsPerMinute')).settled, minute.leased);
  const whole = await alive.quota.reserve([{ ...owner, limits: { tokensPerDay: 1000 } }], {
    tokens: 760,
    moneyMicros: 0,
  });
  assert.equal(whole.kind, 'reserved');
});

test('spending that comes after its lease has ended is charged to the account', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ moneyPerMonth: 1 });
  const hold = holdOf(await worker.quota.reserve([owner], { tokens: 1, moneyMicros: 500_000 }));
  await all.bury(worker);
  await all.settle(worker.id, hold.settle({ tokens: 1, moneyMicros: 300_000 }));
  assert.deepEqual(await all.accountOf(owner, 'moneyPerMonth'), {
    settled: 300_000,
    leased: 0,
  });
});

test('spending under a lease that nobody knows is written down', async () => {
  await all.settle('a-worker', [{ leaseId: 'no-such-lease', amount: 7 }]);
  const { rows } = await all.database.pool.query('SELECT worker, lease_id, amount FROM quota_stray');
  assert.deepEqual(rows, [{ worker: 'a-worker', lease_id: 'no-such-lease', amount: 7 }]);
});

test('use beyond the reservation is charged in full, to all workers', async () => {
  const [a, b] = (await all.hire(2)) as [Worker, Worker];
  const owner = all.newOwner({ tokensPerDay: 100 });
  const hold = holdOf(await a.quota.reserve([owner], { tokens: 60, moneyMicros: 0 }));
  await all.settle(a.id, hold.settle({ tokens: 95, moneyMicros: 0 }));
  assert.equal((await b.quota.reserve([owner], { tokens: 6, moneyMicros: 0 })).kind, 'over-budget');
  assert.equal((await b.quota.reserve([owner], { tokens: 5, moneyMicros: 0 })).kind, 'reserved');
});

test('a worker that was taken for dead finds out and takes new leases', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ tokensPerDay: 100 });
  holdOf(await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 })).release();
  await all.bury(worker);
  await worker.quota.beat();
  holdOf(await worker.quota.reserve([owner], { tokens: 100, moneyMicros: 0 }));
  assert.deepEqual(await all.accountOf(owner, 'tokensPerDay'), { settled: 0, leased: 100 });
});

test('a worker that could not confirm its leases asks before it admits anybody', async () => {
  const [worker, other] = (await all.hire(2)) as [Worker, Worker];
  const owner = all.newOwner({ tokensPerDay: 100 });
  holdOf(await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 })).release();
  await all.bury(worker);
  holdOf(await other.quota.reserve([owner], { tokens: 100, moneyMicros: 0 }));
  all.offsetMs += 9_000;
  assert.equal((await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 })).kind, 'over-budget');
});

test('accounts leave memory with their window; of days and months the spent part stays in the database', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ requestsPerMinute: 10, tokensPerDay: 100 });
  const hold = holdOf(await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 }));
  await all.settle(worker.id, hold.settle({ tokens: 4, moneyMicros: 0 }));
  assert.equal(worker.quota.size, 2);
  all.offsetMs += 700_000;
  await worker.quota.beat();
  assert.equal(worker.quota.size, 0);
  assert.deepEqual(await all.accountOf(owner, 'tokensPerDay'), { settled: 4, leased: 0 });
});

test('without an answer of the database nobody is admitted on trust', async () => {
  const listener = await openListener({ url: all.url, role: 'gone', channels: ['polity_quota'] });
  const gone = openDatabase<never>({ url: all.url, role: 'gone', connections: 1 });
  const source = openSliceSource({ pool: gone.pool, listener, worker: 'gone' });
  await gone.close();
  const quota = new LeaseQuota({ source, clock: systemClock, worker: 'gone', delay });
  await assert.rejects(
    async () => quota.reserve([all.newOwner({ concurrent: 5 })], { tokens: 1, moneyMicros: 0 }),
    (error) => error instanceof Problem && error.code === 'ledger-unavailable',
  );
  await listener.close();
});

test('a worker that stops gives back what it does not use', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ tokensPerDay: 1000 });
  holdOf(await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 }));
  await worker.quota.close();
  assert.equal((await all.accountOf(owner, 'tokensPerDay')).leased, 10);
});
