import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { concat, equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

test('bytes come back from base64 and from hexadecimal as they were', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      assert.deepEqual(fromBase64(toBase64(given)), given);
      assert.deepEqual(fromHex(toHex(given)), given);
      assert.equal(toBase64(given), Buffer.from(given).toString('base64'));
    }),
  );
});

test('one sequence of bytes has one base64 text: every other text that would give the same bytes is refused', () => {
  // QR== and QQ== decode to the same byte in a lenient decoder; only the second has no stray bits.
  for (const text of ['QR==', 'QQ=', 'QQ', ' QQ==', 'QQ==\n', 'Q Q==', 'QQ==QQ==', '-_8=', '=']) {
    assert.throws(() => fromBase64(text), TypeError, JSON.stringify(text));
  }
  assert.deepEqual(fromBase64(''), new Uint8Array());
});

test('hexadecimal is lower case and whole', () => {
  for (const text of ['AA', 'a', '0x00', 'zz', '00 ', 'aa\n']) {
    assert.throws(() => fromHex(text), TypeError, JSON.stringify(text));
  }
});

test('text that is no UTF-8 is refused, and a byte order mark is kept', () => {
  assert.throws(() => fromUtf8(Uint8Array.of(0xff)), TypeError);
  assert.throws(() => fromUtf8(Uint8Array.of(0xed, 0xa0, 0x80)), TypeError);
  assert.equal(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), '\ufeffa');
});

test('equal means the same length and the same bytes', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(equalBytes(a, b), Buffer.compare(a, b) === 0);
      assert.ok(equalBytes(concat(a, b), concat(a, b)));
    }),
  );
  assert.ok(!equalBytes(utf8('a'), utf8('ab')));
});
