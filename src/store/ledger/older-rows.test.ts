/** An installation from before the journal is taken over: nothing is lost, nothing is made anew that was promised. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import type pg from 'pg';
import { ids, newOutcome, openTestLedger, type TestLedger } from '../../../test/open-ledger.ts';
import { fromBase64, fromUtf8 } from '../../kit/index.ts';
import { Sealer } from '../../ledger/index.ts';
import { decisionLeaf } from '../../ledger/leaf.ts';
import type { ReceiptView } from '../../ledger/ports.ts';
import { Statement } from '../../ledger/schema.ts';
import { migrate } from '../migrate.ts';
import { projectEntries } from '../record/project-entries.ts';
import { openLedgerReader } from './open-ledger-reader.ts';

const folder = new URL('../migrations/', import.meta.url);
const FIRST_WITH_JOURNAL = '0018-journal.sql';
let ledger: TestLedger | null = null;
after(() => ledger?.close());

/** The tables as the versions before had them. */
async function makeOlder(pool: pg.Pool): Promise<void> {
  await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await pool.query('CREATE TABLE migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())');
  for (const name of (await readdir(folder)).sort()) {
    if (name >= FIRST_WITH_JOURNAL) break;
    await pool.query(await readFile(new URL(name, folder), 'utf8'));
    await pool.query('INSERT INTO migration (name) VALUES ($1)', [name]);
  }
}

const sealed = (() => {
  const sealer = new Sealer(ids);
  return [0, 1, 2].map(() => {
    const outcome = newOutcome();
    assert.ok(outcome.beginning !== null);
    return sealer.seal(outcome.beginning, outcome);
  });
})();
const [signed, waiting, bare] = sealed as [(typeof sealed)[0], (typeof sealed)[0], (typeof sealed)[0]];
const signature = Buffer.alloc(64, 7);
const intentId = ids.receiptId();
const salt = `${'A'.repeat(43)}=`;
const commitment = 'c'.repeat(64);

function olderDraft(): object {
  const { circumstances } = signed;
  return {
    ...circumstances.stated,
    id: intentId,
    purpose: { id: 'research', legalBasis: 'Seadus § 1 “õ”' },
    attempt: { number: 2, previous: signed.receiptId },
    salts: { 'request/wire': salt },
    commitments: { 'request/wire': commitment },
    reserved: { tokens: 10, moneyMicros: 5, currency: 'EUR' },
  };
}

async function fillOlder(pool: pg.Pool): Promise<void> {
  for (const { receiptId, payload, salt: own, leaf, account } of sealed)
    await pool.query(`INSERT INTO decision VALUES (decode($1, 'hex'), $2, $3, $4, $5)`, [
      receiptId,
      payload,
      own,
      leaf,
      receiptId === bare.receiptId ? null : account,
    ]);
  for (const { receiptId, leaf } of [waiting, bare])
    await pool.query(`INSERT INTO pending (family, receipt_id, leaf) VALUES ('decisions', decode($1, 'hex'), $2)`, [
      receiptId,
      leaf,
    ]);
  await pool.query(`INSERT INTO pending (family, leaf) VALUES ('governance', 'kept')`);
  await pool.query(
    `INSERT INTO log (name, family, origin, vkey, state, size, root)
     VALUES ('decisions-2026h1', 'decisions', 'o', 'v', 'frozen', 1, decode(repeat('00', 32), 'hex'))`,
  );
  await pool.query(`INSERT INTO sealed VALUES (decode($1, 'hex'), 'decisions-2026h1', 0, 'k', $2, now())`, [
    signed.receiptId,
    signature.toString('base64'),
  ]);
  await pool.query(
    `INSERT INTO intent (receipt_id, worker, draft, holdings, account, given_up) VALUES (decode($1, 'hex'), 'gone', $2, $3, $4, true)`,
    [
      intentId,
      Buffer.from(JSON.stringify(olderDraft())),
      Buffer.from('[{"leaseId":"held","amount":5}]'),
      Buffer.from('{"key":"k","project":"p"}'),
    ],
  );
}

function statementOf(receipt: ReceiptView | null): Statement {
  const payload = fromBase64(receipt?.statement?.payload ?? '');
  assert.deepEqual(
    fromBase64(receipt?.leaf ?? ''),
    Uint8Array.from(decisionLeaf(fromBase64(receipt?.salt ?? ''), payload)),
  );
  return Statement.parse(JSON.parse(fromUtf8(payload)));
}

test('what an older version signed, promised or left open is signed, in the log and counted', async () => {
  ledger = await openTestLedger(async (pool) => {
    await makeOlder(pool);
    await fillOlder(pool);
    assert.ok((await migrate(pool)).includes(FIRST_WITH_JOURNAL));
  });
  const { pool } = ledger.database;
  assert.equal(await ledger.round(), 3);
  assert.deepEqual(
    [await ledger.count('journal'), await ledger.count('intent'), await ledger.count('decision')],
    [0, 0, 4],
  );
  const reader = openLedgerReader(pool);
  const kept = await reader.readReceipt(signed.receiptId);
  assert.equal(kept?.statement?.signatures[0]?.sig, signature.toString('base64'));
  assert.equal(kept.statement.payload, Buffer.from(signed.payload).toString('base64'));
  for (const { receiptId, payload, leaf } of [waiting, bare]) {
    const receipt = await reader.readReceipt(receiptId);
    assert.equal(receipt?.state, 'included');
    assert.equal(receipt.statement?.payload, Buffer.from(payload).toString('base64'));
    assert.equal(receipt.leaf, Buffer.from(leaf).toString('base64'));
  }
  const { predicate, subject } = statementOf(await reader.readReceipt(intentId));
  assert.deepEqual(
    [predicate.ended, predicate.usage.source, predicate.spent.moneyMicros],
    ['unfinished', 'reserved', 5],
  );
  assert.deepEqual(predicate.salts, { 'request/wire': salt });
  assert.deepEqual(subject, [{ name: 'request/wire', digest: { polityCommitV1: commitment } }]);
  assert.equal(predicate.purpose.legalBasis, 'Seadus § 1 “õ”');
  const { rows: strays } = await pool.query('SELECT worker, lease_id, amount FROM quota_stray');
  assert.deepEqual(strays, [{ worker: 'gone', lease_id: 'held', amount: 5 }]);
  while ((await projectEntries(pool, ledger.feed)) > 0);
  const { rows: days } = await pool.query(
    'SELECT project, sum(requests + retries)::int AS n FROM usage_day GROUP BY 1 ORDER BY 1',
  );
  assert.deepEqual(days, [
    { project: '', n: 3 },
    { project: 'p', n: 1 },
  ]);
});
