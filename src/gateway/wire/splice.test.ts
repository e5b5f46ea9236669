import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from './json-text.ts';
import { splice } from './splice.ts';

const key = fc.constantFrom('model', 'messages', 'stream', 'user', 'a "b', 'ü');

test('a spliced document reads as the changed one, whatever it held', () => {
  const any = fc.dictionary(
    key,
    fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).filter((value) => !/[A-Z]/.test(JSON.stringify(value))),
  );
  const changes = fc.record({ set: fc.dictionary(key, fc.integer()), drop: fc.uniqueArray(key) });
  fc.assert(
    fc.property(any, changes, fc.constantFrom(0, 1, 3), ({ ...fields }, { set, drop }, indent) => {
      const text = JSON.stringify(fields, null, indent);
      const json = readJson(Buffer.from(text), 64);
      const spliced = splice(json, {
        set: Object.fromEntries(Object.entries(set).map(([name, value]) => [name, String(value)])),
        drop,
      });
      const expected: Record<string, unknown> = { ...JSON.parse(text), ...set };
      for (const name of drop) if (!(name in set)) delete expected[name];
      assert.deepEqual(JSON.parse(spliced.toString()), expected);
    }),
  );
});
