import assert from 'node:assert/strict';
import test from 'node:test';
import { Problem } from '../kit/index.ts';
import { countArrivals } from './count-arrivals.ts';

test('each name has its own count, which a minute ends', () => {
  const time = { nowMs: 5 };
  const arrivals = countArrivals(2, { wallMs: () => 0, monotonicMs: () => time.nowMs });
  const isLimited = (thrown: unknown) => thrown instanceof Problem && thrown.code === 'rate-limited';
  arrivals.count('a');
  arrivals.count('a');
  assert.throws(() => arrivals.count('a'), isLimited);
  arrivals.count('b');
  time.nowMs += 59_999;
  assert.throws(
    () => arrivals.count('a'),
    (thrown) => isLimited(thrown) && (thrown as Problem).extras.retryAfterMs === 1,
  );
  time.nowMs += 1;
  arrivals.count('a');
});
