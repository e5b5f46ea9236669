import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from './read-body.ts';

const refused = { code: 'malformed-json' };

test('a hundred thousand nested arrays are refused before anything is built', () => {
  const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
  assert.throws(() => parseJson(deep, 64), refused);
});

test('brackets inside strings do not count, whatever is escaped there', () => {
  const text = JSON.stringify({ content: `${'[{'.repeat(200)}"\\`, escaped: '\\"[[[[' });
  assert.deepEqual(parseJson(Buffer.from(text), 2), JSON.parse(text));
});

test('the depth bound is exact', () => {
  assert.deepEqual(parseJson(Buffer.from('[[[]]]'), 3), [[[]]]);
  assert.throws(() => parseJson(Buffer.from('[[[[]]]]'), 3), refused);
});

test('any JSON value goes through, any other bytes are a clear problem', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) =>
      assert.deepEqual(parseJson(Buffer.from(JSON.stringify(value)), 64), JSON.parse(JSON.stringify(value))),
    ),
  );
  for (const bytes of [Buffer.alloc(0), Buffer.from('{'), Buffer.from('{"a":1}x'), Buffer.from([0x22, 0xff, 0x22])]) {
    assert.throws(() => parseJson(bytes, 64), refused);
  }
});

test('the problem never quotes the body', () => {
  assert.throws(
    () => parseJson(Buffer.from('{"isikukood": 37605030299 oops}'), 64),
    (problem: Error) => !problem.message.includes('37605030299') && !problem.message.includes('oops'),
  );
});
