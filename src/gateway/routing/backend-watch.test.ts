import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackendWatch } from './backend-watch.ts';

function open() {
  const time = { nowMs: 1_000 };
  const clock = { monotonicMs: () => time.nowMs, wallMs: () => time.nowMs };
  const timers = { after: () => ({ refresh() {}, cancel() {} }) };
  return { time, watch: new BackendWatch(2, { clock, timers }) };
}

const fail = (watch: BackendWatch, times: number, isReached = true) => {
  for (let time = 0; time < times; time++) watch.learn({ kind: 'faulty', isReached });
};

test('five faults in a row, and not four, leave a backend alone; one request tries after its rest', () => {
  const { watch, time } = open();
  fail(watch, 4);
  assert.equal(watch.view().state, 'ready');
  fail(watch, 1);
  assert.deepEqual([watch.view().state, watch.view().restMs], ['resting', 5_000]);
  time.nowMs += 5_001;
  assert.equal(watch.view().state, 'ready');
  watch.begin();
  assert.equal(watch.view().state, 'resting', 'nobody else while one tries');
  watch.learn({ kind: 'well', firstByteMs: 10 });
  assert.deepEqual([watch.view().state, watch.view().faultsInARow], ['ready', 0]);
});

test('a try that fails doubles the rest, up to a minute', () => {
  const { watch, time } = open();
  fail(watch, 5);
  const rests: number[] = [];
  for (let round = 0; round < 6; round++) {
    rests.push(watch.view().restMs);
    time.nowMs += watch.view().restMs + 1;
    watch.begin();
    fail(watch, 1);
  }
  assert.deepEqual(rests, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('a busy backend rests as long as it asked for; what says nothing of it changes nothing', () => {
  const { watch, time } = open();
  watch.learn({ kind: 'busy', retryAfterMs: 7_000 });
  assert.equal(watch.view().restMs, 7_000);
  time.nowMs += 7_001;
  watch.learn({ kind: 'unknown' });
  assert.deepEqual([watch.view().state, watch.view().faultsInARow], ['ready', 0]);
  watch.learn({ kind: 'busy', retryAfterMs: 86_400_000 });
  assert.equal(watch.view().restMs, 60_000, 'but not longer than a minute without another look');
});

test('latency follows a peak at once and forgets it slowly', () => {
  const { watch, time } = open();
  watch.learn({ kind: 'well', firstByteMs: 100 });
  watch.learn({ kind: 'well', firstByteMs: 900 });
  assert.equal(watch.view().latencyMs, 900);
  time.nowMs += 10_000;
  watch.learn({ kind: 'well', firstByteMs: 100 });
  const after = watch.view().latencyMs ?? 0;
  assert.ok(after > 350 && after < 450, String(after));
});

test('a look from outside ends the rest of who was not there, not of who answers wrongly', () => {
  const { watch } = open();
  fail(watch, 5);
  watch.wake();
  assert.equal(watch.view().state, 'resting');
  fail(watch, 1, false);
  watch.wake();
  assert.equal(watch.view().state, 'ready');
});

test('requests that break together with their backend make one rest, and not a longer one each', () => {
  const { watch, time } = open();
  for (let running = 0; running < 20; running++) fail(watch, 1);
  assert.equal(watch.view().restMs, 5_000);
  time.nowMs += 5_001;
  watch.begin();
  watch.learn({ kind: 'well', firstByteMs: 10 });
  assert.equal(watch.view().state, 'ready');
});
