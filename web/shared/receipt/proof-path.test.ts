import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { proofPath } from './proof-path.ts';

test('earlier entries, later entries and the entry itself are the whole tree, and earlier ones are as many as its number', () => {
  const places = fc
    .integer({ min: 1, max: 70_000 })
    .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
  fc.assert(
    fc.property(places, ([index, size]) => {
      const steps = proofPath(index, size);
      const sum = (side: 'earlier' | 'later') =>
        steps.filter((step) => step.side === side).reduce((total, step) => total + step.entries, 0);
      assert.equal(sum('earlier'), index);
      assert.equal(sum('earlier') + sum('later') + 1, size);
    }),
  );
});

test('an entry that is not in the tree has no path', () => {
  assert.throws(() => proofPath(5, 5), RangeError);
  assert.throws(() => proofPath(-1, 5), RangeError);
});
