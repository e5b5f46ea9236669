import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256Hex } from '../../kit/index.ts';
import { TextDigest } from './text-digest.ts';

test('however a text is cut, its digest is the one of the whole', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', 'õ', '日', '👩‍🚀', '\ud83d', '\ude80'), maxLength: 50 });
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 20 }), fc.integer({ min: 1, max: 900 }), (pieces, times) => {
      const digest = new TextDigest();
      let whole = '';
      for (const piece of pieces) {
        const delta = piece.repeat(times);
        // Every delta ends within a character once.
        for (const part of [delta.slice(0, 1), delta.slice(1)]) digest.add(part);
        whole += delta;
        assert.equal(digest.hex(), sha256Hex(whole));
      }
    }),
    { numRuns: 200 },
  );
});

test('a character that is cut where a piece is hashed stays one', () => {
  const text = `${'a'.repeat(16_383)}👩‍🚀${'b'.repeat(40_000)}`;
  const digest = new TextDigest();
  digest.add(text.slice(0, 16_384));
  digest.add(text.slice(16_384));
  assert.equal(digest.hex(), sha256Hex(text));
});

test('a text that does not end is refused', () => {
  const digest = new TextDigest();
  const delta = 'a'.repeat(1_000_000);
  for (let times = 0; times < 8; times++) digest.add(delta);
  assert.throws(() => digest.add('a'), /does not end/);
});
