/** Batches whose workers die, whose database goes away, and whose time or patience ends: one result for each line, and none paid twice. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Timers } from '../src/kit/index.ts';
import { openVaultStore } from '../src/store/index.ts';
import type { LineAnswer } from '../src/vault/index.ts';
import type { BatchRow, VaultStore } from '../src/vault/ports.ts';
import { answer, type Batches, beginNone, openBatches } from './open-batches.ts';

let shop: Batches;
before(async () => {
  shop = await openBatches();
});
after(() => shop.close());

/** Custom ids in the files of a batch, each with its status or the code of its error. */
async function resultsOf(id: string): Promise<Record<string, unknown>> {
  const { files } = shop.desks();
  const { output_file_id, error_file_id } = await shop.find(id);
  const seen: [string, unknown][] = [];
  for (const file of [output_file_id, error_file_id]) {
    if (file === null) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await files.read('agency', file)) chunks.push(chunk);
    for (const text of Buffer.concat(chunks).toString().trim().split('\n')) {
      const { custom_id, response, error } = JSON.parse(text);
      seen.push([custom_id, response?.status_code ?? error.code]);
    }
  }
  assert.equal(new Set(seen.map(([name]) => name)).size, seen.length, 'one result for each line');
  return Object.fromEntries(seen);
}

/** A line that runs until it is told to end. */
function heldAsk() {
  const held = Promise.withResolvers<LineAnswer>();
  const asked = Promise.withResolvers<void>();
  const ask = () => {
    asked.resolve();
    return held.promise;
  };
  return { ask, asked: asked.promise, end: () => held.resolve(answer()) };
}

const busyMs = async (id: string) => {
  const { rows } = await shop.pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM busy_until - clock_timestamp()) * 1000)::integer AS ms FROM vault_batch_line WHERE batch = $1`,
    [id],
  );
  return rows[0]?.ms ?? 0;
};

test('what a dead worker had taken is taken up within a minute; what runs is kept, however long it takes', async () => {
  const id = await shop.order(1);
  const rings = new Set<() => void>();
  const timers: Timers = {
    after(_ms, call) {
      rings.add(call);
      return { refresh() {}, cancel: () => rings.delete(call) };
    },
  };
  const held = heldAsk();
  const running = shop.work({ timers, ask: held.ask });
  await held.asked;
  assert.ok((await busyMs(id)) <= 60_000);
  await shop.pool.query(
    `UPDATE vault_batch_line SET busy_until = clock_timestamp() + interval '1 second' WHERE batch = $1`,
    [id],
  );
  for (const ring of rings) ring();
  for (let tries = 0; (await busyMs(id)) < 30_000; tries++) assert.ok(tries < 500, 'the claim is not renewed');
  held.end();
  await running;
  await shop.workToEnd(id, { ask: beginNone });
  assert.deepEqual(await resultsOf(id), { l1: 200 });
});

test('an answer that a database away does not take is written once it is back, and not asked for again', async () => {
  const id = await shop.order(1);
  const store = openVaultStore(shop.pool);
  let faults = 2;
  const failing: VaultStore = {
    ...store,
    endLine: (batch, line) => (faults-- > 0 ? Promise.reject(new Error('away')) : store.endLine(batch, line)),
  };
  const timers: Timers = {
    after(ms, call) {
      if (ms === 1_000) setImmediate(call);
      return { refresh() {}, cancel() {} };
    },
  };
  let asked = 0;
  const ask = async () => {
    asked++;
    return answer();
  };
  await shop.work({ store: failing, timers, ask });
  await shop.workToEnd(id, { ask: beginNone });
  assert.deepEqual([asked, await resultsOf(id)], [1, { l1: 200 }]);
});

test('a cancelled batch ends when its running lines have; the others are named in its file of errors', async () => {
  const id = await shop.order(6);
  const held = heldAsk();
  const running = shop.work({ ask: held.ask });
  await held.asked;
  await shop.desks().desk.cancel('agency', id);
  // Another worker ends nothing that still runs, and begins nothing.
  await shop.work({ worker: 'two', ask: beginNone });
  assert.equal((await shop.find(id)).status, 'cancelling');
  held.end();
  await running;
  assert.equal(await shop.workToEnd(id, { ask: beginNone }), 'cancelled');
  const put = { l1: 200, l2: 200, l3: 200, l4: 200 };
  assert.deepEqual(await resultsOf(id), { ...put, l5: 'batch_cancelled', l6: 'batch_cancelled' });
});

test('a batch whose day is over begins no line, and names what was not put', async () => {
  const id = await shop.order(5);
  await shop.work({ ask: async () => answer(400) });
  shop.nowMs += 86_400_000;
  assert.equal(await shop.workToEnd(id, { ask: beginNone }), 'expired');
  assert.deepEqual(await resultsOf(id), { l1: 400, l2: 400, l3: 400, l4: 400, l5: 'batch_expired' });
});

test('two workers that come to the end of a batch write its files once', async () => {
  const id = await shop.order(4);
  const store = openVaultStore(shop.pool);
  /** So slow that the first look is over. */
  const slow: VaultStore = {
    ...store,
    async readLines(batch, from) {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return await store.readLines(batch, from);
    },
  };
  const first = shop.work({ store: slow, ask: async () => answer() });
  while ((await shop.find(id)).request_counts.completed < 4) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await shop.work({ worker: 'two', ask: beginNone });
  await first;
  assert.equal(await shop.workToEnd(id, { ask: beginNone }), 'completed');
  const page = { after: null, limit: 100, order: 'desc', purpose: 'batch_output' } as const;
  const files = await shop.desks().files.list('agency', page);
  assert.equal(files.filter(({ filename }) => filename.startsWith(id)).length, 1);
});

test('lines that hang hold up no other batch, and no more of them run than a worker can take', async () => {
  const slow = await shop.order(40);
  await shop.work({ ask: async () => ({ kind: 'later', afterMs: 0 }) });
  const quick = await shop.order(3);
  const held = heldAsk();
  const running = new Set<Promise<void>>();
  let most = 0;
  const ask = async ({ id }: BatchRow) => {
    most = Math.max(most, running.size);
    return await (id === slow ? held.ask() : Promise.resolve(answer()));
  };
  assert.equal(await shop.workToEnd(quick, { running, ask }), 'completed');
  for (let round = 0; round < 8; round++) await shop.work({ running, ask });
  assert.ok(most <= 16, `${most} ran`);
  held.end();
  assert.equal(await shop.workToEnd(slow, { running, ask }), 'completed');
});

test('a database that goes away in the middle of a file fails no batch: it is read again', async () => {
  const id = await shop.order(3);
  const store = openVaultStore(shop.pool);
  let faults = 1;
  const failing: VaultStore = {
    ...store,
    addLines: (batch, lines) => (faults-- > 0 ? Promise.reject(new Error('away')) : store.addLines(batch, lines)),
  };
  const told: unknown[] = [];
  await shop.work({ store: failing, ask: beginNone, report: (cause) => void told.push(cause) });
  assert.equal(told.length, 1);
  assert.equal(await shop.workToEnd(id, { store: failing, ask: async () => answer() }), 'completed');
  assert.deepEqual(await resultsOf(id), { l1: 200, l2: 200, l3: 200 });
});

test('a file that cannot be read for a fault holds up no other batch', async () => {
  const poisoned = await shop.order(1);
  const { rows } = await shop.pool.query<{ file: string }>('SELECT input_file AS file FROM vault_batch WHERE id = $1', [
    poisoned,
  ]);
  await shop.pool.query("UPDATE vault_file_part SET sealed = '\\x00' WHERE file = $1", [rows[0]?.file]);
  const sound = await shop.order(1);
  const faults: unknown[] = [];
  const report = (cause: unknown) => void faults.push(cause);
  assert.equal(await shop.workToEnd(sound, { report, ask: async () => answer() }), 'completed');
  assert.ok(faults.length > 0, 'the fault is told');
  assert.equal((await shop.find(poisoned)).status, 'validating');
  shop.nowMs += 86_400_000;
  assert.equal(await shop.workToEnd(poisoned, { report, ask: beginNone }), 'failed');
});
