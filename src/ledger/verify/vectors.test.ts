/** The published vectors, read by the outside verifier: what another implementation would do first. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ReceiptView } from '../ports.ts';
import { webSha256 } from './crypto.ts';
import { openCheckpoint } from './verify-note.ts';
import { type Trust, verifyReceipt } from './verify-receipt.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../docs/spec/vectors/${name}.json`, import.meta.url), 'utf8'));

interface LedgerVectors {
  readonly origin: string;
  readonly vkey: string;
  readonly policy: string;
  readonly trees: readonly { readonly size: number; readonly root: string; readonly checkpoint: string }[];
}

test('every checkpoint of the vectors opens and has the root that stands beside it', async () => {
  const { origin, vkey, policy, trees } = read('ledger') as LedgerVectors;
  for (const tree of trees) {
    const head = await openCheckpoint(tree.checkpoint, { name: 'vectors', origin, vkeys: [vkey], policy }, webSha256);
    assert.equal(head.size, tree.size);
    assert.equal(Buffer.from(head.root).toString('base64'), tree.root);
  }
});

test('the receipt of the vectors is proven, with WebCrypto alone', async () => {
  const { receipt, trust, text } = read('receipt') as { receipt: ReceiptView; trust: Trust; text: string };
  const said = { 'answer/text/0': new TextEncoder().encode(text) };
  assert.equal((await verifyReceipt(receipt, trust, { said })).verdict, 'proven');
  assert.equal((await verifyReceipt({ ...receipt, proof: null }, trust)).verdict, 'promised');
});

test('any change to any member of the receipt makes it fail', async () => {
  const { receipt, trust } = read('receipt') as { receipt: ReceiptView; trust: Trust };
  const { statement } = receipt;
  assert.ok(statement !== null);
  const [signature] = statement.signatures;
  assert.ok(signature !== undefined);
  const flip = (base64: string | null) => {
    const bytes = Buffer.from(base64 ?? '', 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    return bytes.toString('base64');
  };
  const changes: Partial<ReceiptView>[] = [
    { id: 'f'.repeat(32) },
    { log: 'governance-2026h2' },
    { index: '1' },
    { leaf: flip(receipt.leaf) },
    { salt: flip(receipt.salt) },
    { statement: { ...statement, payload: flip(statement.payload) } },
    { statement: { ...statement, payloadType: 'application/json' } },
    { statement: { ...statement, signatures: [] } },
    { statement: { ...statement, signatures: [{ ...signature, sig: flip(signature.sig) }] } },
    { statement: { ...statement, signatures: [{ ...signature, keyid: 'nobody' }] } },
    { proof: (receipt.proof ?? '').replace('\n1\n', '\n2\n') },
    { proof: (receipt.proof ?? '').replace('index 0', 'index 1') },
    { proof: `${receipt.proof} ` },
    { statement: null },
  ];
  for (const change of changes) {
    const { verdict } = await verifyReceipt({ ...receipt, ...change }, trust);
    assert.equal(verdict, 'fails', JSON.stringify(change).slice(0, 120));
  }
});
