import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import type pg from 'pg';
import { newIntent, newOutcome, openTestLedger, type TestLedger } from '../../../test/open-ledger.ts';
import { fromBase64, fromUtf8, sha256, toBase64 } from '../../kit/index.ts';
import { readCheckpointHead } from '../../ledger/checkpoint.ts';
import { JournalPacker } from '../../ledger/index.ts';
import { decisionLeaf } from '../../ledger/leaf.ts';
import { Statement } from '../../ledger/schema.ts';
import { decodeBundle, TILE_WIDTH } from '../../ledger/tiles.ts';
import { parseTlogProof } from '../../ledger/tlog-proof.ts';
import { foldHashes, leafHash, nodeHash } from '../../ledger/tree.ts';
import { openLedgerReader } from './open-ledger-reader.ts';
import { openRecorder } from './open-recorder.ts';
import { Corrupt, Fenced } from './sequencer.ts';

const NAME = 'decisions-2026h2';
let ledger: TestLedger | null = null;

async function fresh(): Promise<TestLedger> {
  await ledger?.close();
  ledger = await openTestLedger();
  return ledger;
}
let at: TestLedger;
beforeEach(async () => {
  at = await fresh();
});
after(() => ledger?.close());

async function addDecisions(count: number): Promise<string[]> {
  const outcomes = Array.from({ length: count }, () => newOutcome());
  const items = new JournalPacker().pack(outcomes.map((outcome) => ({ kind: 'outcome', outcome })));
  await at.database.pool.query('INSERT INTO journal (worker, records, items) VALUES ($1, $2, $3)', ['w', count, items]);
  return outcomes.map((one) => one.receiptId);
}

/** Every entry of the published log, checked against its root. */
async function readLog(): Promise<Uint8Array[]> {
  const reader = openLedgerReader(at.database.pool);
  const { size, root } = readCheckpointHead((await reader.readCheckpoint(NAME)) ?? '');
  const entries: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const bundle = await reader.readBundle(NAME, { index, width });
    assert.ok(bundle, `bundle ${index} of width ${width}`);
    entries.push(...decodeBundle(bundle, width));
  }
  assert.equal(toBase64(foldHashes(entries.map(leafHash))), toBase64(root));
  return entries;
}

test('a log shows a signed checkpoint of size 0 before its first entry', async () => {
  await (await at.sequencer('decisions')).open();
  assert.equal((await readLog()).length, 0);
});

test('entries keep their order of arrival over many rounds and tile borders', async () => {
  const sequencer = await at.sequencer('decisions');
  await sequencer.open();
  for (const count of [1, 255, 1, 300, 0, 520]) {
    await addDecisions(count);
    assert.equal(await sequencer.sequence(), count);
  }
  const { rows } = await at.database.pool.query<{ leaf: Buffer }>('SELECT leaf FROM decision ORDER BY index');
  assert.deepEqual(
    (await readLog()).map(toBase64),
    rows.map(({ leaf }) => toBase64(leaf)),
  );
});

test('of two sequencers of one log the older is fenced and writes nothing', async () => {
  const [older, newer] = [await at.sequencer('decisions'), await at.sequencer('decisions')];
  await older.open();
  await newer.open();
  await addDecisions(3);
  await assert.rejects(older.sequence(), Fenced);
  assert.equal(await newer.sequence(), 3);
  await assert.rejects(older.sequence(), Fenced);
  assert.equal((await readLog()).length, 3);
});

test('one flipped bit in the stored right edge stops the next signature and names the place', async () => {
  const sequencer = await at.sequencer('decisions');
  await sequencer.open();
  await addDecisions(5);
  await sequencer.sequence();
  await at.database.pool.query(`UPDATE tile SET bytes = set_bit(bytes, 9, 1 - get_bit(bytes, 9)) WHERE level = 0`);
  const restarted = await at.sequencer('decisions');
  await assert.rejects(
    restarted.open(),
    (cause: Error) => cause instanceof Corrupt && /tile\/.*nothing is signed/.test(cause.message),
  );
});

/** A pool that loses its connection at the n-th query: before the server saw it, or after it has answered. */
function failingPool(pool: pg.Pool, when: { query: number; isAnswerLost: boolean }): pg.Pool {
  let seen = 0;
  const guard = <Source extends { query: unknown }>(source: Source): Source =>
    new Proxy(source, {
      get(target, property) {
        const value = Reflect.get(target, property);
        if (property === 'connect') return async () => guard(await pool.connect());
        if (property !== 'query') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: unknown[]) => {
          seen += 1;
          if (seen === when.query && !when.isAnswerLost) throw new Error('the connection is cut');
          const answer = await (value as (...a: unknown[]) => Promise<unknown>).apply(target, args);
          if (seen === when.query) throw new Error('the connection is cut');
          return answer;
        };
      },
    });
  return guard(pool);
}

test('death between any two steps loses nothing, doubles nothing and never moves the head back', async () => {
  let size = 0;
  let isUnhurt = false;
  for (let query = 1; !isUnhurt; query++) {
    for (const isAnswerLost of [false, true]) {
      const ids = await addDecisions(7);
      const dying = await at.sequencer('decisions', failingPool(at.database.pool, { query, isAnswerLost }));
      isUnhurt = await dying
        .open()
        .then(() => dying.sequence())
        .then(
          () => true,
          () => false,
        );
      const next = await at.sequencer('decisions');
      await next.open();
      await next.sequence();
      const entries = await readLog();
      size += ids.length;
      assert.equal(entries.length, size, `after query ${query}`);
      assert.equal(new Set(entries.map(toBase64)).size, size);
      // The receipt key's and the log's records wait for the governance log, which nobody sequences here.
      assert.deepEqual([await at.count('decision'), await at.count('pending')], [size, 2]);
    }
  }
});

test('a sequencer whose answer was lost reads what is true before it goes on', async () => {
  for (let query = 3; query < 14; query++) {
    const sequencer = await at.sequencer('decisions', failingPool(at.database.pool, { query, isAnswerLost: true }));
    await addDecisions(2);
    await sequencer.open().catch(() => sequencer.open());
    await sequencer.sequence().catch(() => sequencer.sequence());
    assert.equal((await readLog()).length, 2 * (query - 2));
  }
});

test('a receipt walks from open over pending to included, and its proof leads to the signed root', async () => {
  const reader = openLedgerReader(at.database.pool);
  const worker = await at.worker('w');
  const recorder = openRecorder({ url: at.url, worker: 'w' });
  const sequencer = await at.sequencer('decisions');
  await sequencer.open();
  const intent = newIntent();
  assert.equal(await reader.readReceipt(intent.receiptId), null);
  await recorder.recordIntent(intent);
  // Nobody says of an intent that stands only in the journal that there is none.
  const inJournal = reader.readReceipt(intent.receiptId);
  await sequencer.sequence();
  assert.equal((await inJournal)?.state, 'open');
  assert.equal((await reader.readReceipt(intent.receiptId))?.state, 'open');
  await addDecisions(300);
  await recorder.recordOutcome(newOutcome(intent));
  const early = reader.readReceipt(intent.receiptId);
  await sequencer.sequence();
  assert.notEqual((await early)?.state, 'open');
  const receipt = await reader.readReceipt(intent.receiptId);
  assert.equal(receipt?.state, 'included');
  assert.equal(receipt.index, '300');
  const payload = fromBase64(receipt.statement?.payload ?? '');
  assert.equal(Statement.parse(JSON.parse(fromUtf8(payload))).predicate.id, intent.receiptId);
  const leaf = decisionLeaf(fromBase64(receipt.salt ?? ''), payload);
  assert.equal(receipt.leaf, toBase64(leaf));
  const { index, hashes, checkpoint } = parseTlogProof(receipt.proof ?? '');
  const head = readCheckpointHead(checkpoint);
  assert.equal(toBase64(rootFrom({ index, size: head.size, hashes }, leafHash(leaf))), toBase64(head.root));
  await at.database.pool.query('UPDATE log SET checkpoint_size = 300 WHERE name = $1', [NAME]);
  assert.equal((await reader.readReceipt(intent.receiptId))?.state, 'pending');
  await recorder.close();
  await worker.end();
});

/** RFC 9162 section 2.1.3.2. */
function rootFrom(proof: { index: number; size: number; hashes: readonly Uint8Array[] }, leaf: Uint8Array): Uint8Array {
  let [fn, sn, root] = [proof.index, proof.size - 1, leaf];
  for (const hash of proof.hashes) {
    if (fn % 2 === 1 || fn === sn) {
      root = nodeHash(hash, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else root = nodeHash(root, hash);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  assert.equal(sn, 0);
  return root;
}

test('the receipt key stands in the governance log, where the description says', async () => {
  const sequencer = await at.sequencer('governance');
  await sequencer.open();
  await sequencer.sequence();
  const reader = openLedgerReader(at.database.pool);
  const [key] = await reader.receiptKeys();
  const [log] = await reader.listLogs();
  assert.ok(key?.governanceEntry && log);
  const { size } = readCheckpointHead((await reader.readCheckpoint(log.name)) ?? '');
  const entries = decodeBundle(
    (await reader.readBundle(log.name, { index: 0, width: size })) ?? new Uint8Array(),
    size,
  );
  const records = entries.map((entry) => JSON.parse(Buffer.from(entry).toString()));
  assert.equal(records[Number(key.governanceEntry)].id, key.id);
  assert.equal(
    toBase64(sha256(Buffer.from(key.publicKey, 'base64')).slice(0, 16)),
    Buffer.from(key.id, 'hex').toString('base64'),
  );
  assert.deepEqual(records.map(({ type }) => type).sort(), ['key.announced', 'log.opened']);
});
