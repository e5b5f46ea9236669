import assert from 'node:assert/strict';
import test from 'node:test';
import { WindowClock } from './window-clock.ts';

function clockAt(start: string) {
  const clock = { wall: Date.parse(start), monotonic: 5_000 };
  const windows = new WindowClock({ wallMs: () => clock.wall, monotonicMs: () => clock.monotonic });
  return {
    windows,
    pass(ms: number) {
      clock.wall += ms;
      clock.monotonic += ms;
      windows.now();
    },
    setWall(ms: number) {
      clock.wall = ms;
    },
    clock,
  };
}

const text = (ms: number) => new Date(ms).toISOString();

test('windows are the minute, day and month of UTC', () => {
  const { windows } = clockAt('2028-02-29T23:59:59.999Z');
  windows.now();
  assert.equal(text(windows.span('minute').startMs), '2028-02-29T23:59:00.000Z');
  assert.equal(text(windows.span('day').startMs), '2028-02-29T00:00:00.000Z');
  assert.equal(text(windows.span('month').startMs), '2028-02-01T00:00:00.000Z');
  assert.equal(text(windows.span('month').endMs), '2028-03-01T00:00:00.000Z');
  assert.equal(windows.span('none').startMs, 0);
});

test('all windows turn at the turn of a year', () => {
  const at = clockAt('2026-12-31T23:59:59.000Z');
  at.windows.now();
  at.pass(1_000);
  for (const window of ['minute', 'day', 'month'] as const) {
    assert.equal(text(at.windows.span(window).startMs), '2027-01-01T00:00:00.000Z');
  }
});

test('a wall clock that steps back brings no used window back, and time goes on', () => {
  const at = clockAt('2026-11-23T22:35:30.000Z');
  at.windows.now();
  at.setWall(at.clock.wall - 3_600_000);
  at.windows.now();
  assert.equal(text(at.windows.span('minute').startMs), '2026-11-23T22:35:00.000Z');
  at.pass(30_000);
  assert.equal(text(at.windows.span('minute').startMs), '2026-11-23T22:36:00.000Z');
  at.pass(120_000);
  assert.equal(text(at.windows.span('minute').startMs), '2026-11-23T22:38:00.000Z');
});

test('a wall clock that jumped far ahead and came back does not stop the minutes', () => {
  const at = clockAt('2026-11-23T22:35:30.000Z');
  at.windows.now();
  const right = at.clock.wall;
  at.setWall(Date.parse('2030-01-01T00:00:00Z'));
  const ahead = at.windows.now();
  at.setWall(right);
  at.pass(60_000);
  assert.equal(at.windows.now(), ahead + 60_000);
});
