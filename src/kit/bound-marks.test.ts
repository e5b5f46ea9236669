import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundMarks } from './bound-marks.ts';

test('what people write stays as it is', () => {
  for (const text of ['Sünnitunnistus', 'مُحَمَّد', 'e\u0301', 'ｶﾞ', 'a'.repeat(100), 'x\u0301'.repeat(100)])
    assert.equal(boundMarks(text), text);
});

test('a letter keeps its first 30 marks, those beyond UTF-16 whole', () => {
  assert.equal(boundMarks(`a${'\u0301'.repeat(31)}b`), `a${'\u0301'.repeat(30)}b`);
  assert.equal(boundMarks(`a${'\u{1d165}'.repeat(500)}b`), `a${'\u{1d165}'.repeat(30)}b`);
});

test('any text is normalised in a time that grows with its length', () => {
  const mark = fc.constantFrom('\u0301', '\u0316', '\u05b0', '\u05b1', '\u0f71', '\u0f72', '\uff9e', '\u{1d165}');
  fc.assert(
    fc.property(fc.array(mark, { minLength: 2, maxLength: 4 }), (marks) => {
      const startedMs = performance.now();
      boundMarks(marks.join('').repeat(300_000)).normalize('NFKC');
      // Unbounded it is a minute and more.
      assert.ok(performance.now() - startedMs < 5_000);
    }),
    { numRuns: 10 },
  );
});
