import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GroupCommit } from './group-commit.ts';

const rule = { waitMs: 600_000, queueMax: 1_000 };

/** Flushes of a database that answers at once. */
function open(gapMs: (items: number) => number) {
  const flushes: number[][] = [];
  const commit = new GroupCommit<number, number>({
    flush: async (items) => {
      flushes.push([...items]);
      return (item) => item;
    },
    batchMax: 100,
    gapMs,
  });
  return { flushes, push: (item: number) => commit.push(item, rule), close: () => commit.close() };
}

test('clients that take turns never wait for a gap', async () => {
  const { flushes, push, close } = open((items) => (items > 4 ? 600_000 : 0));
  for (let item = 0; item < 20; item++) assert.equal(await push(item), item);
  assert.equal(flushes.length, 20);
  await Promise.all([push(20), push(21), push(22)]);
  assert.equal(await push(23), 23);
  assert.equal(flushes.length, 22);
  await close();
});

test('behind a flush of many the next waits, and takes all that came meanwhile', async () => {
  const { flushes, push, close } = open((items) => 100 * items);
  await Promise.all(Array.from({ length: 10 }, (_, item) => push(item)));
  const late = [push(10), push(11)];
  await delay(20);
  late.push(push(12));
  await Promise.all(late);
  assert.deepEqual(
    flushes.map(({ length }) => length),
    [10, 3],
  );
  await close();
});
