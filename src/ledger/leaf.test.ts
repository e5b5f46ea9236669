import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { accessLeaf, decisionLeaf, governanceLeaf } from './leaf.ts';

const salt = new Uint8Array(32).fill(5);
const payload = new TextEncoder().encode('{}');

/** As docs/spec/ledger.md writes it, with another library call than ours. */
function expected(domain: string): Buffer {
  const inner = createHash('sha256').update(payload).digest();
  return Buffer.concat([Buffer.from(domain), createHash('sha256').update(domain).update(salt).update(inner).digest()]);
}

test('a decision leaf has 51 bytes and an access leaf 49, each under its own domain', () => {
  assert.deepEqual(Buffer.from(decisionLeaf(salt, payload)), expected('polity-decision-v1\n'));
  assert.deepEqual(Buffer.from(accessLeaf(salt, payload)), expected('polity-access-v1\n'));
  assert.deepEqual([decisionLeaf(salt, payload).length, accessLeaf(salt, payload).length], [51, 49]);
});

test('a salt of another length is refused', () => {
  for (const length of [0, 16, 31, 33]) assert.throws(() => decisionLeaf(new Uint8Array(length), payload), RangeError);
});

test('a governance record is canonical JSON of at most 16 KiB', () => {
  const record = { type: 'test', id: 'ä', time: '2026-11-23T00:00:00Z', size: 1, more: undefined };
  assert.equal(
    new TextDecoder().decode(governanceLeaf(record)),
    '{"id":"ä","size":1,"time":"2026-11-23T00:00:00Z","type":"test"}',
  );
  assert.throws(() => governanceLeaf({ ...record, more: 'x'.repeat(16_384) }), RangeError);
});
