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
