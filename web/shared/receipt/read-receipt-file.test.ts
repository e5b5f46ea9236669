import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ReceiptView } from '../../../src/ledger/verify/index.ts';
import { kindOf, readPredicate } from './describe-receipt.ts';
import { readReceiptFile } from './read-receipt-file.ts';

const vectors = new URL('../../../docs/spec/vectors/receipt.json', import.meta.url);
const { receipt } = JSON.parse(readFileSync(vectors, 'utf8')) as { receipt: ReceiptView };

test('a saved receipt is read as it was saved', async () => {
  assert.deepEqual(await readReceiptFile(new Blob([`${JSON.stringify(receipt, null, 2)}\n`])), receipt);
});

test('any other file is refused without a crash', async () => {
  const others = ['', '{', 'null', '[]', '7', '"text"', '{}', JSON.stringify({ ...receipt, id: 'x' })];
  const broken = [{ statement: null }, { statement: {} }, { proof: 7 }, { state: 'open' }, { leaf: undefined }];
  for (const text of [...others, ...broken.map((change) => JSON.stringify({ ...receipt, ...change }))])
    assert.equal(await readReceiptFile(new Blob([text])), null, text.slice(0, 60));
  assert.equal(await readReceiptFile(new Blob([' '.repeat(1_000_001)])), null);
});

test('a statement is described only when everything that is drawn is in it', () => {
  const predicate = readPredicate(receipt);
  assert.ok(predicate !== null && receipt.statement !== null);
  assert.equal(kindOf(predicate), 'chat');
  assert.equal(kindOf({ ...predicate, endpoint: '/v1/quotes' }), 'quoted');
  assert.equal(kindOf({ ...predicate, backend: null }), 'refused');
  const read = (changed: unknown) => {
    const payload = Buffer.from(JSON.stringify({ predicate: changed })).toString('base64');
    return readPredicate({ ...receipt, statement: { ...(receipt.statement as object), payload } as never });
  };
  assert.deepEqual(read(predicate), predicate);
  for (const name of ['policy', 'classification', 'purpose', 'charter', 'usage', 'obligations'])
    assert.equal(read({ ...predicate, [name]: undefined }), null, name);
  assert.equal(read({ ...predicate, backend: { site: {} } }), null);
  assert.equal(read(undefined), null);
});
