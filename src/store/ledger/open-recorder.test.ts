import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ids, newIntent, newOutcome, openTestLedger, type TestLedger } from '../../../test/open-ledger.ts';
import { systemClock } from '../../kit/index.ts';
import { closeDecisions } from './close-decisions.ts';
import { openRecorder } from './open-recorder.ts';
import { reapIntents } from './reap-intents.ts';

let ledger: TestLedger;
let worker: { end(): Promise<void> };
let name = '';
let workers = 0;
const unavailable = { name: 'Problem', code: 'ledger-unavailable' };

before(async () => {
  ledger = await openTestLedger();
});
beforeEach(async () => {
  await worker?.end();
  await ledger.database.pool.query('TRUNCATE intent, decision, pending, sealed, worker');
  workers += 1;
  name = `w${workers}`;
  worker = await ledger.worker(name);
});
after(async () => {
  await worker.end();
  await ledger.close();
});

/** Holds back every write of intents until `release`. */
async function blockIntents(): Promise<{ release(): Promise<void> }> {
  const client = await ledger.database.pool.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE intent IN ACCESS EXCLUSIVE MODE');
  return {
    async release() {
      await client.query('ROLLBACK');
      client.release();
    },
  };
}

test('an outcome replaces its intent by one decision and one pending leaf', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const intents = Array.from({ length: 50 }, () => newIntent());
  await Promise.all(intents.map((intent) => recorder.recordIntent(intent)));
  assert.equal(await ledger.count('intent'), 50);
  const results = await Promise.all(intents.map((intent) => recorder.recordOutcome(newOutcome(intent))));
  assert.deepEqual(new Set(results), new Set(['recorded']));
  await recorder.close();
  assert.deepEqual(
    [await ledger.count('intent'), await ledger.count('decision'), await ledger.count('pending')],
    [0, 50, 50],
  );
});

test('a refusal needs no intent', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  assert.equal(await recorder.recordOutcome(newOutcome()), 'recorded');
  await recorder.close();
  assert.equal(await ledger.count('pending'), 1);
});

test('an outcome that comes after the reaper is superseded, and there is one leaf', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const intent = newIntent();
  await recorder.recordIntent(intent);
  await worker.end();
  assert.equal(await reapIntents(ledger.database.pool, { clock: systemClock, ids }), 1);
  assert.equal(await recorder.recordOutcome(newOutcome(intent)), 'superseded');
  await recorder.close();
  assert.deepEqual(
    [await ledger.count('decision'), await ledger.count('pending'), await ledger.count('worker')],
    [1, 1, 0],
  );
});

test('the same outcome sent twice, because an answer was lost, is recorded once', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const intent = newIntent();
  await recorder.recordIntent(intent);
  await recorder.close();
  const outcomes = [newOutcome(intent), newOutcome()];
  for (let time = 0; time < 2; time++) {
    assert.equal((await closeDecisions(ledger.database.pool, name, outcomes)).size, 0);
  }
  assert.deepEqual([await ledger.count('decision'), await ledger.count('pending')], [2, 2]);
});

test('a full queue and a slow database are 503, and nothing stays recorded', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentsMax: 1, intentWaitMs: 50 });
  const block = await blockIntents();
  const inFlight = recorder.recordIntent(newIntent());
  const failsFirst = assert.rejects(inFlight, unavailable);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const failsSecond = assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  await assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  await Promise.all([failsFirst, failsSecond]);
  await block.release();
  await recorder.close();
  assert.equal(await ledger.count('intent'), 0);
});

test('outcomes are taken while the queue of intents is full', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentsMax: 1 });
  const intents = [newIntent(), newIntent(), newIntent()];
  for (const intent of intents) await recorder.recordIntent(intent);
  const results = await Promise.all(intents.map((intent) => recorder.recordOutcome(newOutcome(intent))));
  assert.deepEqual(results, ['recorded', 'recorded', 'recorded']);
  await recorder.close();
});

test('a process whose lease has run out records no intent', async () => {
  await worker.end();
  const recorder = openRecorder({ url: ledger.url, worker: name });
  await assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  await recorder.close();
  assert.equal(await ledger.count('intent'), 0);
});

test('a connection that is cut in the middle of a commit loses nothing and doubles nothing', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentWaitMs: 5_000 });
  const intents = Array.from({ length: 20 }, () => newIntent());
  await Promise.all(intents.map((intent) => recorder.recordIntent(intent)));
  const block = await blockIntents();
  const results = Promise.all(intents.map((intent) => recorder.recordOutcome(newOutcome(intent))));
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'polity-recorder' AND state = 'active' AND datname = current_database()`;
  while ((await ledger.database.pool.query(cut)).rowCount === 0);
  await block.release();
  assert.deepEqual(new Set(await results), new Set(['recorded']));
  await recorder.close();
  assert.deepEqual(
    [await ledger.count('intent'), await ledger.count('decision'), await ledger.count('pending')],
    [0, 20, 20],
  );
});

test('an outcome that waited too long is closed as unfinished by the reaper', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, outcomeWaitMs: 50 });
  const [first, second] = [newIntent(), newIntent()];
  await Promise.all([recorder.recordIntent(first), recorder.recordIntent(second)]);
  const block = await blockIntents();
  const inFlight = assert.rejects(recorder.recordOutcome(newOutcome(first)), unavailable);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await assert.rejects(recorder.recordOutcome(newOutcome(second)), unavailable);
  await inFlight;
  await block.release();
  await recorder.close();
  assert.equal(await reapIntents(ledger.database.pool, { clock: systemClock, ids }), 1);
  assert.deepEqual([await ledger.count('intent'), await ledger.count('decision')], [0, 2]);
});
