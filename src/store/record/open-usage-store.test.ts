import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { createTestDatabase } from '../../../test/database.ts';
import { Problem } from '../../kit/index.ts';
import type { UsageStore } from '../../record/ports.ts';
import { type UsageRow, type UsageWish, usageGroups } from '../../record/schema.ts';
import { openUsageStore } from './open-usage-store.ts';
import '../database.ts';

let pool: pg.Pool;
let store: UsageStore;
let drop: () => Promise<void>;

before(async () => {
  const made = await createTestDatabase();
  drop = made.drop;
  pool = new pg.Pool({ connectionString: made.url, max: 2 });
  store = openUsageStore(pool);
});
after(async () => {
  await pool.end();
  await drop();
});

/** Rows of so many keys, on one of ten days each. */
const fill = (from: number, to: number) =>
  pool.query(
    `INSERT INTO usage_day SELECT date '2026-01-01' + (i % 10), 'tenant' || (i % 3), '', 'key_' || i, 'drafting', 'm', 'b', 'EUR',
       'tallinn', 'Us', 1, 0, 0, 0, 2, 3, 5, 7, 11, 0 FROM generate_series($1::int, $2::int) AS i`,
    [from, to],
  );

const wish: UsageWish = { from: '2026-01-01', to: '2026-12-31', daily: true, groups: usageGroups, only: {} };
async function readAll(pages: AsyncIterable<readonly UsageRow[]>): Promise<readonly UsageRow[]> {
  const all: UsageRow[] = [];
  for await (const rows of pages) all.push(...rows);
  return all;
}

const idOf = ({ day, group }: UsageRow) => `${day} ${group.key}`;

test('pages hold every row of a time once, however many there are and though others come in between', async () => {
  await fill(1, 210_000);
  await pool.query('ANALYZE usage_day');
  const seen = new Set<string>();
  let [count, money] = [0, 0];
  for await (const rows of store.pages(wish)) {
    if (count === 0) await fill(300_001, 300_100);
    count += rows.length;
    for (const row of rows) {
      seen.add(idOf(row));
      if (Number(row.group.key?.slice('key_'.length)) <= 210_000) money += row.moneyMicros;
    }
  }
  assert.equal(seen.size, count, 'none twice');
  assert.equal(money, 210_000 * 5, 'none left out');
});

test('pages sum what is not told apart, as one answer does', async () => {
  const together: UsageWish = { ...wish, daily: false, groups: ['tenant', 'key'], only: { tenant: 'tenant1' } };
  const paged = await readAll(store.pages(together));
  assert.deepEqual(paged, await store.count(together));
  const [sum] = await readAll(store.pages({ ...wish, daily: false, groups: [] }));
  assert.equal(sum?.requests, 210_100);
});

test('an answer that would hold only a part of the sums is refused and says what to do', async () => {
  await assert.rejects(
    store.count(wish),
    (cause) => cause instanceof Problem && cause.code === 'invalid-request' && /fewer days/.test(cause.detail),
  );
});
