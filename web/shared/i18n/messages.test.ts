import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { MessageFormat } from 'messageformat';
import { languages } from './languages.ts';

const web = join(import.meta.dirname, '../..');
const folders = [
  ...new Set(globSync('**/messages/*.json', { cwd: web, exclude: ['dist/**'] }).map((file) => dirname(file))),
];
const read = (folder: string, language: string): Record<string, string> =>
  JSON.parse(readFileSync(join(web, folder, `${language}.json`), 'utf8'));

/** Names that a message takes from outside, and its markup. */
function takes(message: string): string[] {
  return [
    ...new Set([...message.matchAll(/\$([a-zA-Z]\w*)|\{#(\w+)/g)].map(([, name, tag]) => name ?? `#${tag}`)),
  ].sort();
}

for (const folder of folders) {
  test(`${basename(dirname(folder))}: each language has every message, with the same values, and each can be read`, () => {
    const english = read(folder, 'en');
    for (const language of Object.keys(languages)) {
      const own = read(folder, language);
      assert.deepEqual(Object.keys(own).sort(), Object.keys(english).sort(), language);
      for (const [key, message] of Object.entries(own)) {
        const faults: Error[] = [];
        new MessageFormat(language, message).format(
          Object.fromEntries(takes(message).map((name) => [name, 5])),
          (fault) => faults.push(fault as Error),
        );
        assert.deepEqual(faults, [], `${language}/${key}`);
        assert.notEqual(message.trim(), '', `${language}/${key} is empty`);
        // Which values a plural form repeats is the language's own business.
        if (!message.startsWith('.input'))
          assert.deepEqual(takes(message), takes(english[key] as string), `${language}/${key}`);
      }
    }
  });
}

test('every language and every feature is there', () => {
  assert.ok(folders.length >= 5, folders.join());
});
