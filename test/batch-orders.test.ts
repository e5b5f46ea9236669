/** What orders of batches cost their tenant: room until they have ended, and once however often they are sent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { utf8 } from '../src/kit/index.ts';
import { openVaultStore } from '../src/store/index.ts';
import type { VaultStore } from '../src/vault/ports.ts';
import { answer, type Batches, beginNone, endpoint, openBatches, owner, purpose, room } from './open-batches.ts';

let shop: Batches;
before(async () => {
  shop = await openBatches();
});
after(() => shop.close());

test('a list of batches asks the database once for the lines of all that have not ended', async () => {
  const ids = [await shop.order(1), await shop.order(2), await shop.order(3)];
  const store = openVaultStore(shop.pool);
  let counted = 0;
  const counting: VaultStore = {
    ...store,
    countLines(batches) {
      counted++;
      return store.countLines(batches);
    },
  };
  const listed = await shop.openDesks(counting).desk.list('agency', { after: null, limit: 3, order: 'desc' });
  assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set(ids));
  assert.equal(counted, 1);
  for (const id of ids) await shop.desks().desk.cancel('agency', id);
  for (const id of ids) await shop.workToEnd(id, { ask: beginNone });
});

test('of a batch that has ended no line is kept, and it still says how many there were', async () => {
  const id = await shop.order(3);
  assert.equal(await shop.workToEnd(id, { ask: async () => answer() }), 'completed');
  const { rows } = await shop.pool.query('SELECT number FROM vault_batch_line WHERE batch = $1', [id]);
  assert.deepEqual(rows, []);
  assert.deepEqual((await shop.find(id)).request_counts, { total: 3, completed: 3, failed: 0 });
});

test('a file that is ordered again and again takes room each time until its batches have ended', async () => {
  const { files, desk } = shop.desks();
  async function* bytes() {
    yield utf8(`${JSON.stringify({ custom_id: 'a', method: 'POST', url: endpoint, body: {} })}\n`.padEnd(400_000));
  }
  const file = { tenant: 'school', keptFor: purpose, name: 'b.jsonl', bytesMax: 1_000_000, room };
  const { id } = await files.publish(await files.receive(file, bytes()), { purpose: 'batch' });
  const asked = { input_file_id: id, endpoint, completion_window: '24h' } as const;
  const school = { ...owner, tenant: 'school', room: { ...room, storedBytesMax: 1_000_000 } };
  const again = () => desk.create({ owner: school, asked, requestKey: null });
  const first = await again();
  await assert.rejects(again(), { code: 'body-too-large', message: /may have 1000000 bytes together and have 800000/ });
  await desk.cancel('school', first.id);
  for (let tries = 0; (await desk.find('school', first.id)).status !== 'cancelled'; tries++) {
    assert.ok(tries < 50, 'the batch does not end');
    await shop.work({ ask: beginNone });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await again();
});

test('an order that is sent again with its key makes one batch, even in the same moment, and another order is refused', async () => {
  const { desk, files } = shop.desks();
  const asked = await shop.upload(2);
  const again = { owner, asked, requestKey: 'nightly-1' };
  const made = await Promise.all(Array.from({ length: 8 }, () => desk.create(again)));
  assert.equal(new Set(made.map(({ id }) => id)).size, 1);
  await files.delete('agency', asked.input_file_id);
  assert.equal((await desk.create(again)).id, made[0]?.id, 'what the batch has read may be gone');
  for (const other of [
    { ...again, asked: { ...asked, metadata: { night: '2' } } },
    { ...again, owner: { ...owner, purpose: { ...purpose, id: 'translating' } } },
  ])
    await assert.rejects(() => desk.create(other), { code: 'invalid-request', extras: { param: 'idempotency-key' } });
  const next = await shop.upload(2);
  for (const other of [
    { ...again, asked: next, requestKey: 'nightly-2' },
    { ...again, asked: next, owner: { ...owner, keyId: 'other-key' } },
    { ...again, asked: next, owner: { ...owner, tenant: 'agency', keyId: 'key' }, requestKey: null },
  ])
    assert.notEqual((await desk.create(other)).id, made[0]?.id);
});
