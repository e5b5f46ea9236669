import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from './canonical-json.ts';

test('the example of RFC 8785, section 3.2.2', () => {
  const given = {
    numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]'),
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  const expected =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(canonicalJson(given), expected);
});

test('members are sorted by UTF-16 code units, as in RFC 8785, section 3.2.3', () => {
  const given = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
  assert.deepEqual(
    [...canonicalJson(given).matchAll(/:(\d)/g)].map(([, n]) => Number(n)),
    [2, 4, 6, 7, 1, 5, 3],
  );
});

test('what is written can be read, and writing it again gives the same text', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (given) => {
      const text = canonicalJson(given as Json);
      assert.equal(canonicalJson(JSON.parse(text)), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(given)));
    }),
  );
});

test('members that are undefined are left out', () => {
  assert.equal(canonicalJson({ b: undefined, a: [1, 'x'] }), '{"a":[1,"x"]}');
});

test('what JSON cannot say is refused', () => {
  for (const given of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udfff': 1 }]) {
    assert.throws(() => canonicalJson(given as Json), TypeError);
  }
});
