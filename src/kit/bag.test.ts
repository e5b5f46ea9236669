import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Bag } from './bag.ts';

test('a bag holds what a set would hold, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 9 }))), (turns) => {
      const things = Array.from({ length: 10 }, (_, name) => ({ name, place: -1 }));
      const bag = new Bag<(typeof things)[number]>();
      const model = new Set<(typeof things)[number]>();
      for (const [comes, name] of turns) {
        const thing = things[name] as (typeof things)[number];
        if (!comes) bag.delete(thing);
        else if (!model.has(thing)) bag.add(thing);
        if (comes) model.add(thing);
        else model.delete(thing);
        assert.equal(bag.size, model.size);
        assert.deepEqual(new Set(bag.list()), model);
      }
    }),
  );
});
