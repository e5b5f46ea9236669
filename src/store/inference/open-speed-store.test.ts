import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestDatabase } from '../../../test/database.ts';
import { openDatabase } from '../database.ts';
import { openSpeedStore } from './open-speed-store.ts';

test('what several processes count in one minute is added up', async (t) => {
  const made = await createTestDatabase();
  const database = openDatabase({ url: made.url, role: 'gateway', connections: 2 });
  t.after(async () => {
    await database.close();
    await made.drop();
  });
  const store = openSpeedStore(database.pool);
  const one = { backend: 'a', minuteMs: 60_000, step: 8, answers: 1, busyMs: 5 };
  const other = { ...one, step: -1, answers: 2 };
  await Promise.all([store.add([one, other]), store.add([other, one]), store.add([])]);
  const kept = (await store.since(0)).toSorted((a, b) => a.step - b.step);
  assert.deepEqual(kept, [
    { ...other, answers: 4, busyMs: 10 },
    { ...one, answers: 2, busyMs: 10 },
  ]);
  assert.deepEqual(await store.since(60_001), []);
});
