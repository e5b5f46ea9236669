import assert from 'node:assert/strict';
import test from 'node:test';
import { charterReferencePage } from '../scripts/pages/charter-reference.ts';
import { readText } from './read-tree.ts';

test('the reference of the charter is the one that its schemas make', async () => {
  const page = charterReferencePage();
  assert.equal(await readText('docs/spec/charter.md'), page, 'run npm run docs');
});

test('every key of a charter says what it means', () => {
  const silent = charterReferencePage()
    .split('\n')
    .filter((line) => /\|\s+\|$/.test(line) && !line.startsWith('|---'));
  assert.deepEqual(silent, []);
});

test('what has keys of its own is listed with them', () => {
  const page = charterReferencePage();
  for (const key of ['routing.balance', 'routing.affinity', 'bounds.bodyBytesMax', 'assistant.guest.concurrent'])
    assert.ok(page.includes(`| \`${key}\` |`), key);
});
