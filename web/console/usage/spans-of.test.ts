import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spansOf } from './spans-of.ts';

test('a month is told by day, and days without requests are there', () => {
  const { isWeekly, spans } = spansOf(new Map([['2026-11-02', 5]]), '2026-11-01', '2026-11-30');
  assert.equal(isWeekly, false);
  assert.deepEqual(spans.slice(0, 3), [
    { day: '2026-11-01', count: 0 },
    { day: '2026-11-02', count: 5 },
    { day: '2026-11-03', count: 0 },
  ]);
  assert.equal(spans.length, 30);
});

test('a year is told by week, and no request of it is left out', () => {
  const days = Array.from({ length: 365 }, (_, at) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10));
  const { isWeekly, spans } = spansOf(new Map(days.map((day) => [day, 3])), '2026-01-01', '2026-12-31');
  assert.equal(isWeekly, true);
  assert.equal(spans.length, 53);
  assert.equal(
    spans.reduce((sum, { count }) => sum + count, 0),
    365 * 3,
  );
  assert.equal(spans[0]?.day, '2026-01-01');
});
