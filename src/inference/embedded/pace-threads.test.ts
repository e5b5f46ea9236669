import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadsBeside } from './pace-threads.ts';

test('cores that others use are left to them, never the last one, and a little use changes nothing', () => {
  const table: readonly (readonly [othersCores: number, cores: number, threads: number])[] = [
    [0, 2, 2],
    [0.3, 2, 2],
    [0.6, 2, 1],
    [1.9, 2, 1],
    [5, 2, 1],
    [0, 1, 1],
    [1.2, 8, 7],
  ];
  for (const [othersCores, cores, threads] of table)
    assert.equal(threadsBeside(othersCores, cores), threads, `${othersCores} of ${cores}`);
});
