import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { ToldRecorder } from '../../../test/open-path.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { walkPath } from '../../../test/walk-path.ts';
import { Problem, randomIds, systemClock } from '../../kit/index.ts';
import { preparePrompt } from './5-prepare-prompt.ts';
import { recordIntent } from './6-record-intent.ts';

const inForce = putInForce(exampleBytes());
const holdings = [{ leaseId: 'lease', amount: 7 }];

async function prepared() {
  let released = 0;
  const hold = { holdings, spend: () => [], settle: () => [], release: () => void released++ };
  const walker = walkPath(inForce);
  const decided = await walker.decide();
  assert.ok(decided.kind === 'decided');
  const state = await preparePrompt(decided, { quota: { reserve: () => ({ kind: 'reserved', hold, rate: {} }) } });
  assert.ok(state.kind === 'prepared');
  const [route] = state.routes;
  assert.ok(route);
  const recorder = new ToldRecorder();
  const parts = { recorder, ids: randomIds(), installation: 'test', clock: systemClock };
  const record = () => recordIntent(state, { number: 1, previous: null, route }, parts);
  return { recorder, record, exchange: walker.exchange, released: () => released };
}

test('an intent carries what must not be lost with this process: the receipt id and the leases that it holds', async () => {
  const { recorder, record, exchange, released } = await prepared();
  const { receiptId } = await record();
  assert.match(receiptId, /^[0-9a-f]{32}$/);
  const [intent] = recorder.intents;
  assert.deepEqual([intent?.receiptId, intent?.holdings], [receiptId, holdings]);
  assert.equal(exchange.headers.toRecord()['x-receipt-id'], receiptId);
  assert.equal(released(), 0);
});

test('an intent that is not durable frees what was reserved and tells no receipt id, whatever went wrong', async () => {
  for (const cause of [new Problem('ledger-unavailable', 'too many wait'), new Error('a bug')]) {
    const { recorder, record, exchange, released } = await prepared();
    recorder.beforeIntent = () => Promise.reject(cause);
    await assert.rejects(record(), { code: 'ledger-unavailable', status: 503 });
    assert.deepEqual([released(), exchange.headers.toRecord()['x-receipt-id']], [1, undefined]);
  }
});

test('each attempt has a receipt id of its own', async () => {
  const { record } = await prepared();
  assert.notEqual((await record()).receiptId, (await record()).receiptId);
});
