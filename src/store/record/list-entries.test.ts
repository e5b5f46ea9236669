import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createTestDatabase } from '../../../test/database.ts';
import type { EntryWish } from '../../record/schema.ts';
import { openDatabase } from '../database.ts';
import { openRecordStore } from './open-record-store.ts';

let database: ReturnType<typeof openDatabase>;
let drop: () => Promise<void>;

before(async () => {
  const made = await createTestDatabase();
  drop = made.drop;
  database = openDatabase({ url: made.url, role: 'gateway', connections: 2 });
});
after(async () => {
  await database.close();
  await drop();
});

interface Row {
  readonly log: string;
  readonly index: number;
  readonly ended: string;
  readonly place: string;
  readonly caveats: readonly string[];
  readonly clauses: readonly string[];
  readonly agoMinutes: number;
}

const row = fc.record({
  ended: fc.constantFrom('complete', 'refused', 'failed', 'unfinished'),
  place: fc.constantFrom('in-country', 'abroad', 'abroad-masked', 'not-sent'),
  caveats: fc.subarray(['personal', 'minor']),
  clauses: fc.subarray(['one', 'two']),
  agoMinutes: fc.integer({ min: 0, max: 3_000 }),
});
const table = fc
  .tuple(fc.array(row, { maxLength: 25 }), fc.array(row, { maxLength: 25 }))
  .map(([older, newer]) => [
    ...older.map((one, index): Row => ({ ...one, log: 'decisions-2026h1', index })),
    ...newer.map((one, index): Row => ({ ...one, log: 'decisions-2026h2', index })),
  ]);

async function fill(rows: readonly Row[], nowMs: number): Promise<void> {
  await database.pool.query('TRUNCATE record_entry');
  await database.pool.query(
    `INSERT INTO record_entry SELECT log, index, to_timestamp("endedMs" / 1000.0), ended, '/v1/chat/completions', 't', 'p',
       'public', caveats, NULL, CASE WHEN place = 'not-sent' THEN NULL ELSE 'b' END, NULL, NULL, place, clauses, 'c', 'auto',
       0, 0, ''
     FROM json_to_recordset($1) AS e(log text, index bigint, "endedMs" bigint, ended text, caveats text[], clauses text[],
       place text)`,
    [JSON.stringify(rows.map((one) => ({ ...one, endedMs: nowMs - one.agoMinutes * 60_000 - 30_000 })))],
  );
}

const wished = fc.record(
  {
    place: fc.constantFrom('in-country', 'abroad', 'not-sent'),
    ended: fc.constantFrom('complete', 'refused'),
    clause: fc.constant('one'),
    caveat: fc.constantFrom('any', 'minor'),
    hours: fc.constantFrom(1, 24),
    log: fc.constantFrom('decisions-2026h1', 'decisions-2026h2'),
  },
  { requiredKeys: [] },
);

function isWished(one: Row, wish: object): boolean {
  const { place, ended, clause, caveat, hours, log } = wish as Partial<EntryWish>;
  return (
    (place === undefined || one.place.replace('-masked', '') === place) &&
    (ended === undefined || one.ended === ended) &&
    (clause === undefined || one.clauses.includes(clause)) &&
    (caveat === undefined || (caveat === 'any' ? one.caveats.length > 0 : one.caveats.includes(caveat))) &&
    (hours === undefined || one.agoMinutes < hours * 60) &&
    (log === undefined || one.log === log)
  );
}

test('page after page gives each wished entry of all logs once, newest first, and no other', async () => {
  const store = openRecordStore(database.pool);
  await fc.assert(
    fc.asyncProperty(table, wished, fc.integer({ min: 1, max: 9 }), async (rows, wish, limit) => {
      await fill(rows, Date.now());
      const seen: string[] = [];
      let before: EntryWish['before'];
      for (;;) {
        const page = await store.list({ ...wish, limit, ...(before === undefined ? {} : { before }) } as EntryWish);
        assert.ok(page.entries.length <= limit);
        seen.push(...page.entries.map(({ log, index }) => `${log}/${index}`));
        if (page.next === null) break;
        const [log = '', index] = page.next.split('/');
        before = { log, index: Number(index) };
      }
      const naive = rows.filter((one) => isWished(one, wish)).map(({ log, index }) => `${log}/${index}`);
      const older = naive.filter((key) => key.includes('h1')).reverse();
      const newer = naive.filter((key) => key.includes('h2')).reverse();
      assert.deepEqual(seen, [...newer, ...older]);
    }),
    { numRuns: 60 },
  );
});

test('what the day says is what the entries of the day say, counted one by one', async () => {
  const store = openRecordStore(database.pool);
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const nowMs = Date.now();
      await fill(rows, nowMs);
      const day = rows.filter(({ agoMinutes }) => agoMinutes < 24 * 60);
      const of = (ended: string) => day.filter((one) => one.ended === ended).length;
      const said = await store.countDay(nowMs);
      assert.deepEqual(
        [said.answered, said.refused, said.failed, said.unfinished],
        [of('complete'), of('refused'), of('failed'), of('unfinished')],
      );
      assert.equal(
        said.personalAbroad,
        day.filter(({ place, caveats }) => place.startsWith('abroad') && caveats.length > 0).length,
      );
      for (const { place, count } of said.places)
        assert.equal(count, day.filter((one) => one.place === place && one.ended === 'complete').length);
      const hours = await store.spans('hour', 72, nowMs);
      assert.equal(
        hours.reduce((sum, { all }) => sum + all, 0),
        rows.length,
      );
      assert.equal(
        hours.reduce((sum, { abroad }) => sum + abroad, 0),
        rows.filter(({ place, ended }) => place.startsWith('abroad') && ended === 'complete').length,
      );
    }),
    { numRuns: 40 },
  );
});
