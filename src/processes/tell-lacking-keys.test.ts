import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '../charter/schema.ts';
import { lackingKeyLines } from './tell-lacking-keys.ts';

const backend = (id: string, key?: string) => ({ id, ...(key === undefined ? {} : { key }) }) as Backend;

test('a start names each backend whose key is not there, and no key', () => {
  const backends = [
    backend('keyless', 'env:NOBODY_SET_THIS'),
    backend('empty', 'env:EMPTY'),
    backend('away', 'file:/nowhere/key'),
    backend('good', 'env:GOOD'),
    backend('none'),
  ];
  assert.deepEqual(lackingKeyLines(backends, { GOOD: 'hidden', EMPTY: '' }), [
    'backend keyless: the environment has no NOBODY_SET_THIS, its key; nothing is sent to it until it is there',
    'backend empty: the environment has no EMPTY, its key; nothing is sent to it until it is there',
    'backend away: the file of its key, /nowhere/key, cannot be read; nothing is sent to it until it is there',
  ]);
});
