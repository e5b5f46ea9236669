import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Block, growBlocks, safeAddress, splitBlocks } from './split-blocks.ts';

const text = [
  '# Heading',
  'A paragraph with **bold** words.',
  '1. one\n\n2. two\n   - inside',
  '```js\nconst a = 1;\n\nconst b = 2;\n```',
  '> quoted\n> more',
  '| a | b |\n| - | - |\n| 1 | 2 |',
  '<b>raw</b> html',
  'The end.',
].join('\n\n');

const rawOf = (blocks: readonly Block[]) => blocks.map(({ raw }) => raw.trimEnd());

test('a text that grows letter by letter has the blocks of the whole text in the end', () => {
  let blocks: Block[] = [];
  for (let length = 1; length <= text.length; length++) blocks = growBlocks(blocks, text.slice(0, length));
  assert.deepEqual(rawOf(blocks), rawOf(splitBlocks(text)));
});

test('finished blocks stay the same objects while the end grows', () => {
  const before = splitBlocks('one\n\ntwo\n\nthree\n\nfour');
  const after = growBlocks(before, 'one\n\ntwo\n\nthree\n\nfour and more');
  assert.equal(after[0], before[0]);
  assert.equal(after[1], before[1]);
  assert.notEqual(after[3], before[3]);
});

test('a text that was replaced is read anew', () => {
  const before = splitBlocks('one\n\ntwo\n\nthree\n\nfour');
  assert.deepEqual(rawOf(growBlocks(before, 'other\n\ntwo')), ['other', 'two']);
});

test('only http and https addresses may be opened', () => {
  assert.equal(safeAddress('https://www.eesti.ee/a?b=1'), 'https://www.eesti.ee/a?b=1');
  for (const address of ['javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', '/c/1', 'file:///etc'])
    assert.equal(safeAddress(address), null, address);
});
