import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { foldText, foldWithPlaces } from './fold-text.ts';

for (const [written, sought] of [
  ['Sünnitunnistus', 'SUNNITUNNISTUS'],
  ['Öö', 'oo'],
  ['šokolaad', 'Sokolaad'],
  ['Ёлка', 'елка'],
  ['Straße', 'STRASSE'],
  ['مُحَمَّد', 'محمد'],
  ['ﬁnants', 'finants'],
] as const) {
  test(`\`${sought}\` finds \`${written}\``, () => assert.equal(foldText(written), foldText(sought)));
}

test('every place of folded text lies in the original, and places only grow', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { folded, places } = foldWithPlaces(text);
      assert.equal(places.length, folded.length);
      assert.ok(places.every((place, at) => place < text.length && place >= (places[at - 1] ?? 0)));
    }),
  );
});

test('a letter with any number of marks is folded in a time that grows with their number', () => {
  const startedMs = performance.now();
  assert.equal(foldText(`A${'\u0301\u0316'.repeat(99_000)}b`), 'ab');
  // What puts them into their order by comparing takes ten seconds and more.
  assert.ok(performance.now() - startedMs < 2_000);
});
