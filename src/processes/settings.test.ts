import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Problem } from '../kit/index.ts';
import { readSettings } from './settings.ts';

test('one gateway without a word, as many as are asked for, or all cores but one', () => {
  assert.equal(readSettings({}, []).workers, 1);
  assert.equal(readSettings({}, ['--workers', '4']).workers, 4);
  assert.equal(readSettings({}, ['--workers=auto']).workers, Math.max(1, availableParallelism() - 1));
});

for (const words of [
  ['--workers', '0'],
  ['--workers', '65'],
  ['--workers', 'many'],
  ['--workers=-1'],
  ['--workers', '1.5'],
]) {
  test(`\`${words.join(' ')}\` is refused with what to write`, () => {
    assert.throws(
      () => readSettings({}, words),
      (thrown) => thrown instanceof Problem && /whole number from 1 to 64, or `auto`/.test(thrown.detail),
    );
  });
}

for (const words of [['--workers'], ['--worker', '2'], ['--workers', '--json']]) {
  test(`\`${words.join(' ')}\` is refused in one line`, () => {
    assert.throws(
      () => readSettings({}, words),
      (thrown) => thrown instanceof Problem && !thrown.detail.includes('\n'),
    );
  });
}
