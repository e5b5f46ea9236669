import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newOutcome, openTestLedger, type TestLedger } from '../../../test/open-ledger.ts';
import { openRecorder } from '../ledger/open-recorder.ts';
import { EntryFeed } from './entry-feed.ts';
import { projectEntries } from './project-entries.ts';

let ledger: TestLedger;
before(async () => {
  ledger = await openTestLedger();
});
after(() => ledger.close());

/** What the lists and the counts say, made by each of these feeds at the same time. */
async function projected(...feeds: readonly EntryFeed[]): Promise<{ listed: number; counted: number; last: number }> {
  const { pool } = ledger.database;
  const projectAll = async (feed: EntryFeed) => {
    while ((await projectEntries(pool, feed)) > 0);
  };
  await Promise.all(feeds.map(projectAll));
  const { rows } = await pool.query<{ listed: number; counted: number; last: number }>(
    `SELECT count(*)::int AS listed, max(index)::int AS last, (SELECT sum(requests)::int FROM usage_day) AS counted
     FROM record_entry`,
  );
  assert.ok(rows[0] !== undefined);
  return rows[0];
}

test('every entry is listed and counted once: from memory, after a kill, and by two at a time', async () => {
  const worker = await ledger.worker('w');
  const recorder = openRecorder({ url: ledger.url, worker: 'w' });
  const grow = async () => {
    await Promise.all(Array.from({ length: 5 }, () => recorder.recordOutcome(newOutcome())));
    await ledger.round();
  };
  await grow();
  await grow();
  assert.deepEqual(await projected(ledger.feed), { listed: 10, counted: 10, last: 9 });
  await grow();
  assert.deepEqual(await projected(new EntryFeed()), { listed: 15, counted: 15, last: 14 });
  await grow();
  assert.deepEqual(await projected(ledger.feed), { listed: 20, counted: 20, last: 19 });
  await grow();
  assert.deepEqual(await projected(ledger.feed, new EntryFeed()), { listed: 25, counted: 25, last: 24 });
  await recorder.close();
  await worker.end();
});

test('what is read from memory is what the statement says', async () => {
  const { pool } = ledger.database;
  const read = async () => {
    const days = await pool.query('SELECT * FROM usage_day ORDER BY day, key');
    const entries = await pool.query('SELECT * FROM record_entry ORDER BY index');
    return [days.rows, entries.rows];
  };
  const fromBoth = await read();
  await pool.query('TRUNCATE record_entry, usage_day, record_position');
  await projected(new EntryFeed());
  assert.deepEqual(await read(), fromBoth);
});
