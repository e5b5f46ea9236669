import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MessageFormat } from 'messageformat';

const languages = ['et', 'en', 'ru', 'ar'] as const;
const catalogs = Object.fromEntries(
  languages.map((tag) => [tag, JSON.parse(readFileSync(new URL(`messages/${tag}.json`, import.meta.url), 'utf8'))]),
) as Record<string, Record<string, string>>;
const english = catalogs.en ?? {};
const namesIn = (source: string, pattern: RegExp) => [...new Set(source.match(pattern) ?? [])].sort();

for (const [tag, catalog] of Object.entries(catalogs)) {
  test(`${tag}: every sentence is there, with the values and the marks of the English one`, () => {
    assert.deepEqual(Object.keys(catalog).sort(), Object.keys(english).sort());
    for (const [key, source] of Object.entries(catalog)) {
      assert.deepEqual(namesIn(source, /\$\w+/g), namesIn(english[key] ?? '', /\$\w+/g), key);
      assert.deepEqual(namesIn(source, /\{[#/]\w+/g), namesIn(english[key] ?? '', /\{[#/]\w+/g), key);
    }
  });

  test(`${tag}: every sentence can be formatted, for every number`, () => {
    for (const [key, source] of Object.entries(catalog)) {
      const message = new MessageFormat(tag, source, { bidiIsolation: 'none' });
      for (const n of [0, 1, 2, 3, 5, 11, 21, 100]) {
        const values = Object.fromEntries(namesIn(source, /\$\w+/g).map((name) => [name.slice(1), n]));
        const said = message.format(values, (fault) => assert.fail(`${key}: ${fault}`));
        assert.doesNotMatch(said, /[{}]|^\s*$/, key);
      }
    }
  });

  test(`${tag}: nobody is shouted at, begged or consoled`, () => {
    for (const [key, source] of Object.entries(catalog))
      assert.doesNotMatch(
        source.replace(/^\.input.*?\.match/, ''),
        /!|\bplease\b|\bsorry\b|palun|пожалуйста|извин/i,
        key,
      );
  });
}
