import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlaceQueue, type Rank, ranks } from './place-queue.ts';

function open(concurrent: number) {
  const bells: (() => void)[] = [];
  const timers = {
    after: (_ms: number, call: () => void) => {
      bells.push(call);
      return { refresh() {}, cancel: () => void bells.splice(bells.indexOf(call), 1) };
    },
  };
  return { queue: new PlaceQueue(concurrent, timers), bells };
}

const staying = { leaving: () => new AbortController().signal };

test('who comes when there is a place does not wait; who comes later goes in by rank, then by time', async () => {
  const { queue } = open(1);
  assert.equal(queue.enter({ rank: 'batch', ...staying }), true);
  const went: string[] = [];
  const come = (name: string, rank: Rank) =>
    Promise.resolve(queue.enter({ rank, ...staying })).then((isIn) => isIn && went.push(name));
  const all = [come('b1', 'batch'), come('i1', 'interactive'), come('i2', 'interactive'), come('e1', 'emergency')];
  assert.equal(queue.waiting, 4);
  for (let left = 0; left < 4; left++) {
    queue.leave();
    await Promise.resolve();
    await Promise.resolve();
  }
  await Promise.all(all);
  assert.deepEqual(went, ['e1', 'i1', 'i2', 'b1']);
  queue.leave();
  assert.deepEqual([queue.running, queue.waiting], [0, 0]);
});

test('who leaves or has waited long enough gives up its turn, and no place is lost', async () => {
  const { queue, bells } = open(1);
  queue.enter({ rank: 'interactive', ...staying });
  const gone = new AbortController();
  const leaver = queue.enter({ rank: 'interactive', leaving: () => gone.signal });
  const late = queue.enter({ rank: 'interactive', ...staying });
  const patient = queue.enter({ rank: 'interactive', ...staying });
  gone.abort();
  bells[0]?.();
  assert.deepEqual([await leaver, await late], [false, false]);
  queue.leave();
  assert.equal(await patient, true);
  assert.deepEqual([queue.running, queue.waiting, bells.length], [1, 0, 0]);
});

test('never more are in than there are places, whatever happens', async () => {
  const step = fc.oneof(fc.constantFrom(...ranks), fc.constant('leave' as const), fc.integer({ min: 1, max: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { queue } = open(2);
      let inside = 0;
      for (const what of steps) {
        if (typeof what === 'number') queue.resize(what);
        else if (what !== 'leave')
          void Promise.resolve(queue.enter({ rank: what, ...staying })).then((isIn) => isIn && inside++);
        else if (inside > 0) {
          inside--;
          queue.leave();
        }
        for (let turn = 0; turn < 4; turn++) await Promise.resolve();
        assert.equal(queue.running, inside);
        assert.ok(queue.waiting === 0 || queue.running >= queue.concurrent);
      }
    }),
  );
});
