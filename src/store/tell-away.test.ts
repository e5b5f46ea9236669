import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { Problem } from '../kit/index.ts';
import { type Database, openDatabase } from './index.ts';

let made: TestDatabase;
const open: Database<never>[] = [];

before(async () => {
  made = await createTestDatabase();
});
after(async () => {
  for (const one of open) await one.close();
  await made.drop();
});

function database(url = made.url, more: { answerMs?: number; connectMs?: number } = {}): Database<never> {
  const one = openDatabase<never>({ url, role: 'test', connections: 2, ...more });
  open.push(one);
  return one;
}

const isAway = (cause: unknown) => {
  assert.ok(cause instanceof Problem, String(cause));
  assert.deepEqual([cause.code, cause.status, cause.extras.retryAfterMs], ['database-unavailable', 503, 1_000]);
  return true;
};

test('a database that ends a connection or cannot be reached is a problem to be told, with a time to come back', async () => {
  const { pool } = database();
  await assert.rejects(pool.query('SELECT pg_terminate_backend(pg_backend_pid())'), isAway);
  const client = await pool.connect();
  await assert.rejects(client.query('SELECT pg_terminate_backend(pg_backend_pid())'), isAway);
  client.release(true);
  assert.equal((await pool.query('SELECT 1 AS one')).rows[0].one, 1);
  const gone = database('postgres://polity:x@localhost:1/polity');
  await assert.rejects(gone.pool.query('SELECT 1'), isAway);
  await assert.rejects(gone.pool.connect(), isAway);
  await assert.rejects(
    database('postgres://polity:x@localhost/polity?host=/no/such/place').pool.query('SELECT 1'),
    isAway,
  );
});

test('a database that takes a question and says nothing is as good as gone once its time is over', async () => {
  const { query, pool } = database(made.url, { answerMs: 200 });
  for (let time = 0; time < 4; time++) await assert.rejects(sql`SELECT pg_sleep(3)`.execute(query), isAway);
  // What it was asked in vain is not what the next question waits for.
  const startedMs = performance.now();
  for (let time = 0; time < 4; time++) assert.equal((await pool.query('SELECT 1 AS one')).rows[0].one, 1);
  assert.ok(performance.now() - startedMs < 1_500);
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  try {
    await assert.rejects(
      database(`postgres://x:x@127.0.0.1:${port}/x`, { connectMs: 200 }).pool.query('SELECT 1'),
      isAway,
    );
  } finally {
    silent.close();
  }
});

test('what a statement does wrong stays what it is', async () => {
  await assert.rejects(database().pool.query('SELECT nothing'), { code: '42703' });
});
