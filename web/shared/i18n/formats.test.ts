import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf } from './formats.ts';
import { languages } from './languages.ts';

test('a short date reads the same in a line from left to right and in one from right to left', () => {
  for (const language of Object.keys(languages))
    assert.match(formatsOf(language).shortDate('2026-11-24T12:00:00Z'), /^\d{2}[./]\d{2}[./]\d{4}$/, language);
});
