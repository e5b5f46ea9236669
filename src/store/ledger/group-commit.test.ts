import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { GroupCommit } from './group-commit.ts';

const rule = { waitMs: 600_000, queueMax: 1_000 };

/** Flushes of a database that answers when it is told to. */
function open(batchMax = 100) {
  const flushes: number[][] = [];
  const answers: (() => void)[] = [];
  const commit = new GroupCommit<number, number>({
    flush: (items) => {
      flushes.push([...items]);
      return new Promise((resolve) => answers.push(() => resolve((item) => item)));
    },
    batchMax,
  });
  return {
    flushes,
    push: (item: number) => commit.push(item, rule),
    async answer() {
      answers.shift()?.();
      await turn();
    },
    close: () => commit.close(),
  };
}

test('who comes alone is flushed in the same turn of the loop, and so is the next', async () => {
  const { flushes, push, answer, close } = open();
  for (let item = 0; item < 3; item++) {
    const pushed = push(item);
    await turn();
    assert.deepEqual(flushes[item], [item]);
    await answer();
    assert.equal(await pushed, item);
  }
  await close();
});

test('a flush at a time: the next takes everything that came meanwhile, in its order, up to the most', async () => {
  const { flushes, push, answer, close } = open(4);
  const pushed = [push(0), push(1)];
  await turn();
  for (let item = 2; item < 8; item++) pushed.push(push(item));
  await turn();
  assert.deepEqual(flushes, [[0, 1]]);
  await answer();
  assert.deepEqual(flushes.slice(1), [[2, 3, 4, 5]]);
  await answer();
  assert.deepEqual(flushes.slice(2), [[6, 7]]);
  await answer();
  assert.deepEqual(await Promise.all(pushed), [0, 1, 2, 3, 4, 5, 6, 7]);
  await close();
});
