import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { newIntent, newOutcome, openTestLedger, type TestLedger } from '../../../test/open-ledger.ts';
import { JournalPacker } from '../../ledger/index.ts';
import { endWorkers } from './end-workers.ts';
import { openRecorder } from './open-recorder.ts';
import { JournalWriter } from './write-journal.ts';

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
  await ledger.database.pool.query(
    'TRUNCATE intent, decision, pending, journal, journal_lane, worker, log, tile, bundle CASCADE',
  );
  workers += 1;
  name = `w${workers}`;
  worker = await ledger.worker(name);
});
after(async () => {
  await worker.end();
  await ledger.close();
});

/** Holds back every write of the journal until `release`. */
async function blockJournal(): Promise<{ release(): Promise<void> }> {
  const client = await ledger.database.pool.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE journal IN ACCESS EXCLUSIVE MODE');
  return {
    async release() {
      await client.query('ROLLBACK');
      client.release();
    },
  };
}

/** Until such a statement waits for a lock. */
async function untilWaiting(query: string): Promise<void> {
  const text = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`;
  while ((await ledger.database.pool.query(text, [query])).rowCount === 0);
}

const WRITING = '%moved AS MATERIALIZED%';

async function endings(): Promise<Record<string, number>> {
  const { rows } = await ledger.database.pool.query<{ ended: string; n: number }>(
    `SELECT convert_from(payload, 'UTF8')::jsonb -> 'predicate' ->> 'ended' AS ended, count(*) AS n FROM decision GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ ended, n }) => [ended, n]));
}

const left = async () => [await ledger.count('journal'), await ledger.count('intent')];

test('an intent and its outcome become one decision with its place, in one round or in two', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const intents = Array.from({ length: 50 }, () => newIntent());
  await Promise.all(intents.map((intent) => recorder.recordIntent(intent)));
  const results = await Promise.all(intents.slice(25).map((intent) => recorder.recordOutcome(newOutcome(intent))));
  assert.equal(await ledger.round(), 25);
  assert.deepEqual([await left(), await endings()], [[0, 25], { complete: 25 }]);
  for (const intent of intents.slice(0, 25)) results.push(await recorder.recordOutcome(newOutcome(intent)));
  assert.deepEqual(new Set(results), new Set(['recorded']));
  await recorder.close();
  assert.equal(await ledger.round(), 25);
  assert.deepEqual([await left(), await endings()], [[0, 0], { complete: 50 }]);
});

test('a refusal needs no intent', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  assert.equal(await recorder.recordOutcome(newOutcome()), 'recorded');
  await recorder.close();
  assert.equal(await ledger.round(), 1);
});

test('an outcome that comes after the lease has run out is superseded, and there is one leaf', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const intent = newIntent();
  await recorder.recordIntent(intent);
  await worker.end();
  assert.equal(await recorder.recordOutcome(newOutcome(intent)), 'superseded');
  await ledger.round();
  await ledger.round();
  assert.equal(await recorder.recordOutcome(newOutcome(intent)), 'superseded');
  await assert.rejects(recorder.recordOutcome(newOutcome()), unavailable);
  await recorder.close();
  await ledger.round();
  assert.deepEqual([await left(), await endings(), await ledger.count('worker')], [[0, 0], { unfinished: 1 }, 0]);
});

test('whoever ends a process waits for its batch in flight, and nothing comes behind the end', async () => {
  const { pool } = ledger.database;
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const [first, second] = [newIntent(), newIntent()];
  await Promise.all([recorder.recordIntent(first), recorder.recordIntent(second)]);
  const leaseId = `held-${name}`;
  await pool.query(
    `INSERT INTO quota_lease (id, worker, owner, limit_kind, window_start_ms) VALUES ($1, $2, 'o', 'moneyPerMonth', 0)`,
    [leaseId, name],
  );
  const client = await pool.connect();
  await client.query('BEGIN');
  // The batch has moved its lane then, and waits to settle.
  await client.query('SELECT FROM quota_lease WHERE id = $1 FOR UPDATE', [leaseId]);
  const inFlight = recorder.recordOutcome(newOutcome(first, [{ leaseId, amount: 1 }]));
  await untilWaiting(WRITING);
  await worker.end();
  const ended = endWorkers(pool);
  await untilWaiting('UPDATE journal_lane%');
  await client.query('ROLLBACK');
  client.release();
  assert.equal(await inFlight, 'recorded');
  await ended;
  assert.equal(await recorder.recordOutcome(newOutcome(second)), 'superseded');
  await recorder.close();
  await ledger.round();
  await ledger.round();
  assert.deepEqual([await left(), await endings()], [[0, 0], { complete: 1, unfinished: 1 }]);
});

test('the same batch sent again, because an answer was lost, is taken once, even behind the round that took it', async () => {
  const { pool } = ledger.database;
  const writer = new JournalWriter(pool, name);
  const batch = { items: Buffer.from([1]), records: 1, spent: [{ leaseId: `of-${name}`, amount: 3 }] };
  const charged = async () => {
    const { rows } = await pool.query<{ sum: number }>(
      'SELECT coalesce(sum(amount), 0)::bigint AS sum FROM quota_stray WHERE lease_id = $1',
      [`of-${name}`],
    );
    return rows[0]?.sum;
  };
  writer.begin();
  for (let time = 0; time < 2; time++) assert.equal(await writer.write(batch), 'taken');
  assert.deepEqual([await ledger.count('journal'), await charged()], [1, 3]);
  await ledger.round();
  assert.equal(await writer.write(batch), 'taken');
  await worker.end();
  await endWorkers(pool);
  assert.deepEqual([await ledger.count('journal'), await charged()], [0, 3]);
});

test('a full queue and a slow database are 503, and nothing stays recorded', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentsMax: 1, intentWaitMs: 500 });
  const block = await blockJournal();
  const inFlight = recorder.recordIntent(newIntent());
  const failsFirst = assert.rejects(inFlight, unavailable);
  await untilWaiting(WRITING);
  const failsSecond = assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  await assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  await Promise.all([failsFirst, failsSecond]);
  await block.release();
  await recorder.close();
  assert.equal(await ledger.round(), 0);
  assert.deepEqual(await left(), [0, 0]);
});

test('an intent that was forgotten after a round had taken it is closed without a leaf', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentWaitMs: 50 });
  const first = newIntent();
  await recorder.recordIntent(first);
  await ledger.round();
  assert.equal(await ledger.count('intent'), 1);
  const writer = new JournalWriter(ledger.database.pool, name);
  const items = new JournalPacker().pack([{ kind: 'forgotten', receiptId: first.receiptId }]);
  writer.begin();
  await writer.write({ items, records: 1, spent: [] });
  assert.equal(await ledger.round(), 0);
  assert.deepEqual(await left(), [0, 0]);
  await recorder.close();
});

test('a second outcome of an intent makes no second leaf', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name });
  const intent = newIntent();
  await recorder.recordIntent(intent);
  await ledger.round();
  const twice = [newOutcome(intent), newOutcome(intent)];
  assert.deepEqual(await Promise.all(twice.map((one) => recorder.recordOutcome(one))), ['recorded', 'recorded']);
  assert.equal(await ledger.round(), 1);
  await recorder.recordOutcome(newOutcome(intent));
  assert.equal(await ledger.round(), 0);
  await recorder.close();
  assert.deepEqual([await left(), await endings()], [[0, 0], { complete: 1 }]);
});

test('outcomes are taken while the queue of intents is full', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentsMax: 1 });
  const intents = [newIntent(), newIntent(), newIntent()];
  for (const intent of intents) await recorder.recordIntent(intent);
  const block = await blockJournal();
  const inFlight = recorder.recordIntent(newIntent());
  await untilWaiting(WRITING);
  const queued = recorder.recordIntent(newIntent());
  await assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  const results = Promise.all(intents.map((intent) => recorder.recordOutcome(newOutcome(intent))));
  await block.release();
  assert.deepEqual(await results, ['recorded', 'recorded', 'recorded']);
  await Promise.all([inFlight, queued]);
  await recorder.close();
});

test('a process whose lease has run out records no intent', async () => {
  await worker.end();
  const recorder = openRecorder({ url: ledger.url, worker: name });
  await assert.rejects(recorder.recordIntent(newIntent()), unavailable);
  await recorder.close();
  assert.deepEqual(await left(), [0, 0]);
});

test('a connection that is cut in the middle of a commit loses nothing and doubles nothing', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, intentWaitMs: 5_000 });
  const intents = Array.from({ length: 20 }, () => newIntent());
  await Promise.all(intents.map((intent) => recorder.recordIntent(intent)));
  const block = await blockJournal();
  const results = Promise.all(intents.map((intent) => recorder.recordOutcome(newOutcome(intent))));
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'polity-recorder' AND state = 'active' AND datname = current_database()`;
  while ((await ledger.database.pool.query(cut)).rowCount === 0);
  await block.release();
  assert.deepEqual(new Set(await results), new Set(['recorded']));
  await recorder.close();
  assert.equal(await ledger.round(), 20);
  assert.deepEqual([await left(), await endings()], [[0, 0], { complete: 20 }]);
});

test('an outcome that waited too long is closed as unfinished, though its process lives', async () => {
  const recorder = openRecorder({ url: ledger.url, worker: name, outcomeWaitMs: 500 });
  const [first, second] = [newIntent(), newIntent([{ leaseId: `late-${name}`, amount: 7 }])];
  await Promise.all([recorder.recordIntent(first), recorder.recordIntent(second)]);
  const block = await blockJournal();
  const inFlight = assert.rejects(recorder.recordOutcome(newOutcome(first)), unavailable);
  await untilWaiting(WRITING);
  await assert.rejects(recorder.recordOutcome(newOutcome(second)), unavailable);
  await inFlight;
  await block.release();
  await recorder.close();
  assert.equal(await ledger.round(), 2);
  assert.deepEqual([await left(), await endings()], [[0, 0], { complete: 1, unfinished: 1 }]);
  const { rows } = await ledger.database.pool.query('SELECT amount FROM quota_stray WHERE lease_id = $1', [
    `late-${name}`,
  ]);
  assert.deepEqual(rows, [{ amount: 7 }]);
});
