import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from './json-text.ts';

const refused = { code: 'malformed-json' };

test('a hundred thousand nested arrays are refused before anything is built', () => {
  const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
  assert.throws(() => readJson(deep, 64), refused);
});

test('brackets inside strings do not count, whatever is escaped there', () => {
  const text = JSON.stringify({ content: `${'[{'.repeat(200)}"\\`, escaped: '\\"[[[[' });
  assert.deepEqual(readJson(Buffer.from(text), 2).value, JSON.parse(text));
});

test('the depth bound is exact', () => {
  assert.deepEqual(readJson(Buffer.from('[[[]]]'), 3).value, [[[]]]);
  assert.throws(() => readJson(Buffer.from('[[[[]]]]'), 3), refused);
});

test('any JSON value goes through, any other bytes are a clear problem', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify({ metadata: value });
      // Keys that differ in their case alone are another test's.
      fc.pre(!/[^a-z"\x20-\x40{}[\]:,]/.test(text));
      assert.deepEqual(readJson(Buffer.from(text), 64).value, JSON.parse(text));
    }),
  );
  for (const bytes of [Buffer.alloc(0), Buffer.from('{'), Buffer.from('{"a":1}x'), Buffer.from([0x22, 0xff, 0x22])]) {
    assert.throws(() => readJson(bytes, 64), refused);
  }
});

test('the problem never quotes the body', () => {
  assert.throws(
    () => readJson(Buffer.from('{"isikukood": 37605030299 oops}'), 64),
    (problem: Error) => !problem.message.includes('37605030299') && !problem.message.includes('oops'),
  );
});

test('a key that comes twice, at any depth and however it is written, is refused and named', () => {
  const table: [string, string][] = [
    ['{"model":"a","messages":[],"model":"b"}', 'model'],
    ['{"model":"a","mod\\u0065l":"b"}', 'model'],
    ['{"messages":[{"role":"user","content":"a","role":"system"}]}', 'role'],
    ['{"a":{"b":{"c":1,"c":1}}}', 'c'],
    ['{"metadata":{"x":1,"x":2}}', 'x'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ];
  for (const [text, param] of table) {
    assert.throws(
      () => readJson(Buffer.from(text), 64),
      (problem: { code: string; extras: { param?: string } }) =>
        problem.code === 'invalid-request' && problem.extras.param === param,
      text,
    );
  }
});

test('keys that some readers take for the same are refused, but for names that the caller may choose', () => {
  for (const text of [
    '{"model":"a","Model":"b"}',
    '{"messages":[{"content":"a","Content":"b"}]}',
    '{"stop":1,"\u017ftop":2}',
  ]) {
    assert.throws(() => readJson(Buffer.from(text), 64), { code: 'invalid-request' }, text);
  }
  const schema = '{"tools":[{"function":{"parameters":{"properties":{"id":{},"ID":{}}}}}],"metadata":{"a":1,"A":2}}';
  assert.deepEqual(readJson(Buffer.from(schema), 64).value, JSON.parse(schema));
});

test('members are found where they are, whatever stands around them', () => {
  const text = ' { "a" : [1,{"b":2}] , "c\\n":"}" ,\n"d": {"e":","} } ';
  const { members } = readJson(Buffer.from(text), 64);
  assert.deepEqual(
    members.map(({ key, valueStart, end }) => [key, JSON.parse(text.slice(valueStart, end))]),
    [
      ['a', [1, { b: 2 }]],
      ['c\n', '}'],
      ['d', { e: ',' }],
    ],
  );
});

test('more keys than a request has are refused before any is built, however flat they are', () => {
  const keys = (count: number) => Buffer.from(`{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(',')}}`);
  assert.equal(Object.keys(readJson(keys(1_000), 64).value as object).length, 1_000);
  assert.throws(() => readJson(keys(100_001), 64), { code: 'malformed-json', message: /more than 100000 keys/ });
});

test('as many tokens as the longest text has are taken, and no more entries', () => {
  const tokens = (count: number) => Buffer.from(`{"input":[${'7,'.repeat(count - 1)}7]}`);
  assert.equal((readJson(tokens(400_000), 64).value as { input: number[] }).input.length, 400_000);
  assert.throws(() => readJson(tokens(500_002), 64), { code: 'malformed-json', message: /more than 500000 entries/ });
});
