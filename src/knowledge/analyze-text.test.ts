import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tokenize } from './analyze-text.ts';

const terms = (text: string, language: string) => tokenize(text, language).map(({ term }) => term);

test('what people type without marks is the same as what the document says with them', () => {
  assert.deepEqual(terms('Sünnitunnistus töötuks jäämine', 'et'), terms('sunnitunnistus TOOTUKS jaamine', 'et'));
  assert.deepEqual(terms('учёба жильё', 'ru'), terms('учеба жилье', 'ru'));
  assert.deepEqual(terms('الولادة', 'ar'), terms('ولاده', 'ar'));
  assert.deepEqual(terms('جـــواز', 'ar'), terms('جَواز', 'ar'));
});

test('the forms of a word meet in one term', () => {
  for (const [language, forms] of [
    ['et', ['seadus', 'seaduse', 'seadustes', 'seadusega']],
    ['en', ['register', 'registering', 'registration']],
    ['ru', ['регистрация', 'регистрации', 'регистрацию']],
  ] as const)
    assert.equal(new Set(forms.flatMap((form) => terms(form, language))).size, 1, language);
});

test('words that only ask do not count', () => {
  assert.deepEqual(terms('Kuidas ma saan', 'et'), []);
  assert.deepEqual(terms('How can I', 'en'), []);
  assert.deepEqual(terms('Как мне это сделать?', 'ru'), []);
  assert.deepEqual(terms('كيف يمكنني', 'ar'), []);
});

test('terms do not depend on how the characters are composed, and their places lie in the text as it was given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('et', 'en', 'ru', 'ar', 'xx'), (text, language) => {
      const found = tokenize(text, language);
      assert.deepEqual(terms(text.normalize('NFC'), language), terms(text.normalize('NFD'), language));
      for (const { term, start, end } of found) {
        assert.ok(start < end && end <= text.length && [...term].length <= 5);
        assert.deepEqual(terms(text.slice(start, end), language), [term]);
      }
    }),
  );
});

test('a word of nothing but marks holds nobody up', () => {
  const startedMs = performance.now();
  terms(`a${'\u0301\u0316'.repeat(99_000)}`, 'et');
  // What puts them into their order by comparing takes ten seconds and more.
  assert.ok(performance.now() - startedMs < 2_000);
});
