import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { newSeed, signingKey, verifierKey } from '../../../src/ledger/index.ts';
import type { ReceiptView, Trust } from '../../../src/ledger/verify/index.ts';
import { brokenCheck, checkReceipt } from './check-receipt.ts';

interface Vectors {
  readonly receipt: ReceiptView;
  readonly trust: Trust;
  readonly text: string;
}

const file = new URL('../../../docs/spec/vectors/receipt.json', import.meta.url);
const { receipt, trust, text } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const said = { 'answer/text/0': new TextEncoder().encode(text) };
const whole = { view: receipt, trust, said, isReachable: true };

function flipped(base64: string | null, at: number): string {
  const bytes = Buffer.from(base64 ?? '', 'base64');
  bytes[at] = (bytes[at] as number) ^ 1;
  return bytes.toString('base64');
}

async function brokenAt(view: ReceiptView, shown: Record<string, Uint8Array> = said): Promise<string | null> {
  const finding = await checkReceipt({ ...whole, view, said: shown });
  assert.equal(finding.state, 'failed');
  return brokenCheck(finding);
}

test('a whole receipt is verified in this browser, network or not, and each check says what it took', async () => {
  for (const isReachable of [true, false]) {
    const finding = await checkReceipt({ ...whole, isReachable });
    assert.equal(finding.state, 'verified');
    assert.equal(finding.isCompared, true);
    assert.deepEqual(finding.place, { index: 0, size: 1 });
    assert.equal(brokenCheck(finding), null);
    assert.ok(finding.checks.every(({ holds, tookMs = -1 }) => holds && tookMs >= 0));
  }
});

test('without an answer to compare the receipt is verified, and nothing is said about the answer', async () => {
  const finding = await checkReceipt({ ...whole, said: {} });
  assert.equal(finding.state, 'verified');
  assert.equal(finding.isCompared, false);
});

test('a receipt without its proof waits, and is never called verified; offline it says that the log is not reached', async () => {
  const view: ReceiptView = { ...receipt, state: 'pending', index: null, proof: null };
  assert.equal((await checkReceipt({ ...whole, view })).state, 'pending');
  assert.equal((await checkReceipt({ ...whole, view, isReachable: false })).state, 'offline');
});

test('what the server says about the state is not believed', async () => {
  const view: ReceiptView = { ...receipt, state: 'witnessed', index: null, proof: null };
  assert.equal((await checkReceipt({ ...whole, view })).state, 'pending');
});

test('a receipt of a log whose witnesses have not signed is in the log, not verified', async () => {
  // A cosignature key is an Ed25519 key with another type: 4 in place of 1, and the id of that.
  const [log] = trust.logs;
  assert.ok(log !== undefined);
  const watched = {
    ...log,
    policy: log.policy.replace('quorum none', `${await witnessLine('east.example')}quorum east`),
  };
  const finding = await checkReceipt({ ...whole, trust: { ...trust, logs: [watched] } });
  assert.equal(finding.state, 'in-log');
  assert.equal(brokenCheck(finding), null);
  assert.deepEqual(finding.place, { index: 0, size: 1 });
});

async function witnessLine(name: string): Promise<string> {
  const key = Buffer.from(verifierKey(name, signingKey(newSeed())).split('+').slice(2).join('+'), 'base64');
  key[0] = 4;
  const input = Buffer.concat([Buffer.from(`${name}\n`), key]);
  const id = Buffer.from(await crypto.subtle.digest('SHA-256', input)).subarray(0, 4);
  return `witness east ${name}+${id.toString('hex')}+${key.toString('base64')}\n`;
}

test('an erased receipt and one that is still being made claim no check', async () => {
  const none = { leaf: null, salt: null, statement: null, proof: null };
  const erased = await checkReceipt({ ...whole, view: { ...receipt, ...none, state: 'erased' } });
  const open = await checkReceipt({ ...whole, view: { ...receipt, ...none, state: 'open' } });
  assert.deepEqual([erased.state, open.state], ['erased', 'pending']);
  assert.deepEqual([erased.checks, open.checks], [[], []]);
});

test('each byte of the shown answer counts', async () => {
  const bytes = said['answer/text/0'];
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] as number) ^ 1;
    assert.equal(await brokenAt(receipt, { 'answer/text/0': changed }), 'content');
  }
  assert.equal(await brokenAt(receipt, { 'answer/text/0': bytes.slice(1) }), 'content');
  assert.equal(await brokenAt(receipt, { 'answer/text/1': bytes }), 'content');
});

test('each byte of leaf, salt and signature counts, and the step that breaks is named', async () => {
  const { statement } = receipt;
  const [signature] = statement?.signatures ?? [];
  assert.ok(statement !== null && signature !== undefined);
  for (let at = 0; at < 51; at++)
    assert.equal(await brokenAt({ ...receipt, leaf: flipped(receipt.leaf, at) }), 'leaf', `leaf ${at}`);
  for (let at = 0; at < 32; at++)
    assert.equal(await brokenAt({ ...receipt, salt: flipped(receipt.salt, at) }), 'leaf', `salt ${at}`);
  for (let at = 0; at < 64; at++) {
    const changed: ReceiptView['statement'] = {
      ...statement,
      signatures: [{ ...signature, sig: flipped(signature.sig, at) }],
    };
    assert.equal(await brokenAt({ ...receipt, statement: changed }), 'signature', `sig ${at}`);
  }
});

test('each byte of the statement counts', async () => {
  const { statement } = receipt;
  assert.ok(statement !== null);
  const size = Buffer.from(statement.payload, 'base64').length;
  for (let at = 0; at < size; at++) {
    const payload = flipped(statement.payload, at);
    const broken = await brokenAt({ ...receipt, statement: { ...statement, payload } });
    assert.ok(broken === 'statement' || broken === 'leaf', `byte ${at}: ${broken}`);
  }
});

test('each character of the proof counts', async () => {
  const proof = receipt.proof ?? '';
  for (let at = 0; at < proof.length; at++) {
    const changed = String.fromCharCode(proof.charCodeAt(at) ^ 1);
    assert.equal(
      await brokenAt({ ...receipt, proof: proof.slice(0, at) + changed + proof.slice(at + 1) }),
      'log',
      `${at}`,
    );
  }
});
