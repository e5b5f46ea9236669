import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BackendTally, percentileMs } from './backend-tally.ts';
import { describeSpeed } from './describe-speed.ts';

const answered = (firstByteMs: number, isRight = true) => ({
  backend: 'a',
  isRight,
  firstByteMs,
  totalMs: firstByteMs,
});

test('a percentile of what was counted is the real one, within 5 per cent', () => {
  const times = fc.array(fc.integer({ min: 1, max: 3_600_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
      const tally = new BackendTally();
      for (const ms of all) tally.note(answered(ms), 0);
      const real = all.toSorted((a, b) => a - b)[Math.ceil(share * all.length) - 1] as number;
      const said = percentileMs(tally.take(), share) as number;
      assert.ok(Math.abs(said - real) <= 0.05 * real, `${said} for ${real}`);
    }),
  );
});

test('who failed at everything in the latest minute in which it was asked is failing, whatever it answered before', () => {
  const nowMs = 7_200_000;
  const after = (...notes: [minutesAgo: number, isRight: boolean][]) => {
    const tally = new BackendTally();
    for (const [minutesAgo, isRight] of notes) tally.note(answered(10, isRight), nowMs - minutesAgo * 60_000);
    return describeSpeed(tally.take(), { nowMs, concurrent: 2 }).isFailing;
  };
  assert.equal(after(), false);
  assert.equal(after([40, true], [3, false], [3, false]), true);
  assert.equal(after([3, false], [3, true]), false);
  assert.equal(after([40, false], [2, true]), false);
});

test('what was taken is not counted again, and nothing counted is no percentile', () => {
  const tally = new BackendTally();
  tally.note(answered(10), 61_000);
  assert.deepEqual(
    tally.take().map(({ backend, minuteMs, answers, busyMs }) => ({ backend, minuteMs, answers, busyMs })),
    [{ backend: 'a', minuteMs: 60_000, answers: 1, busyMs: 10 }],
  );
  assert.deepEqual(tally.take(), []);
  assert.equal(percentileMs([], 0.5), null);
});

test('the last hour counts failures apart, and load is busy time over what may run together', () => {
  const tally = new BackendTally();
  const nowMs = 7_200_000;
  for (let place = 0; place < 10; place += 1) tally.note(answered(1_000), nowMs - 1);
  tally.note(answered(50, false), nowMs - 1);
  tally.note(answered(90_000), nowMs - 3_700_000);
  const speed = describeSpeed(tally.take(), { nowMs, concurrent: 2 });
  assert.equal(speed.answers, 10);
  assert.equal(speed.failed, 1);
  assert.ok(Math.abs((speed.p95Ms ?? 0) - 1_000) < 50);
  assert.equal(speed.load, (10 * 1_000 + 50) / (300_000 * 2));
  assert.deepEqual(
    speed.medians.map((one) => one !== null),
    [...Array(11).fill(false), true],
  );
});
