/** Batches whose workers die, whose database goes away, and whose time or patience ends: one result for each line, and none paid twice. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { systemTimers, type Timers, utf8, wrappingKey } from '../src/kit/index.ts';
import { type Database, openDatabase, openVaultStore } from '../src/store/index.ts';
import type { BatchOwner } from '../src/vault/batch-desk.ts';
import { BatchDesk, FileDesk, type LineAnswer, TenantKeys, workAtBatches } from '../src/vault/index.ts';
import type { BatchRow, VaultStore } from '../src/vault/ports.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let made: TestDatabase;
let database: Database<never>;
let nowMs = Date.now();
const clock = { wallMs: () => nowMs, monotonicMs: () => performance.now() };
const endpoint = '/v1/chat/completions';
const purpose = { id: 'drafting', retentionDays: 30 } as BatchOwner['purpose'];
const owner: BatchOwner = { tenant: 'agency', keyId: 'key', purpose };

before(async () => {
  made = await createTestDatabase();
  database = openDatabase<never>({ url: made.url, role: 'test', connections: 8 });
});
after(async () => {
  await database.close();
  await made.drop();
});

function openDesks(store: VaultStore = openVaultStore(database.pool)) {
  const keys = new TenantKeys({ store, kek, clock });
  const files = new FileDesk({ store, keys, clock });
  return { store, keys, files, desk: new BatchDesk({ store, files, keys, clock, endpoints: [endpoint] }) };
}
const kek = wrappingKey(randomBytes(32));
const desks = () => openDesks();

const answer = (status = 200): LineAnswer => {
  return { kind: 'answered', status, requestId: 'r', receiptId: 'abc', dropped: null, body: { said: 1 } };
};

interface Wish {
  readonly worker?: string;
  readonly running?: Set<Promise<void>>;
  readonly timers?: Timers;
  readonly store?: VaultStore;
  report?(cause: unknown): void;
  ask(batch: BatchRow): Promise<LineAnswer>;
}

const work = ({
  worker = 'one',
  timers = systemTimers,
  running = new Set(),
  store,
  ask,
  report = assert.ifError,
}: Wish) => workAtBatches({ ...openDesks(store), clock, timers, worker, running, ask, report });

async function order(lines: number): Promise<string> {
  const asked = await upload(lines);
  return (await desks().desk.create({ owner, asked, requestKey: null })).id;
}

async function upload(lines: number) {
  const { files } = desks();
  const line = (at: number) => JSON.stringify({ custom_id: `l${at}`, method: 'POST', url: endpoint, body: {} });
  const text = Array.from({ length: lines }, (_, at) => line(at + 1)).join('\n');
  async function* bytes() {
    yield utf8(text);
  }
  const received = await files.receive(
    { tenant: 'agency', keptFor: purpose, name: 'b.jsonl', bytesMax: 1_000_000, storedBytesMax: 1_000_000_000 },
    bytes(),
  );
  const { id } = await files.publish(received, { purpose: 'batch' });
  return { input_file_id: id, endpoint, completion_window: '24h' as const };
}

/** Rounds as a worker has them: whoever looked whether a batch ends leaves it to others for a second. */
async function workToEnd(id: string, wish: Wish): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    await work(wish);
    const { status } = await find(id);
    if (['completed', 'expired', 'cancelled', 'failed'].includes(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the batch does not end');
}

const beginNone = () => assert.fail('a line was begun');

const find = (id: string) => desks().desk.find('agency', id);

/** Custom ids in the files of a batch, each with its status or the code of its error. */
async function resultsOf(id: string): Promise<Record<string, unknown>> {
  const { files } = desks();
  const { output_file_id, error_file_id } = await find(id);
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
  const { rows } = await database.pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM busy_until - clock_timestamp()) * 1000)::integer AS ms FROM vault_batch_line WHERE batch = $1`,
    [id],
  );
  return rows[0]?.ms ?? 0;
};

test('what a dead worker had taken is taken up within a minute; what runs is kept, however long it takes', async () => {
  const id = await order(1);
  const rings = new Set<() => void>();
  const timers: Timers = {
    after(_ms, call) {
      rings.add(call);
      return { refresh() {}, cancel: () => rings.delete(call) };
    },
  };
  const held = heldAsk();
  const running = work({ timers, ask: held.ask });
  await held.asked;
  assert.ok((await busyMs(id)) <= 60_000);
  await database.pool.query(
    `UPDATE vault_batch_line SET busy_until = clock_timestamp() + interval '1 second' WHERE batch = $1`,
    [id],
  );
  for (const ring of rings) ring();
  for (let tries = 0; (await busyMs(id)) < 30_000; tries++) assert.ok(tries < 500, 'the claim is not renewed');
  held.end();
  await running;
  await workToEnd(id, { ask: beginNone });
  assert.deepEqual(await resultsOf(id), { l1: 200 });
});

test('an answer that a database away does not take is written once it is back, and not asked for again', async () => {
  const id = await order(1);
  const store = openVaultStore(database.pool);
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
  await work({ store: failing, timers, ask });
  await workToEnd(id, { ask: beginNone });
  assert.deepEqual([asked, await resultsOf(id)], [1, { l1: 200 }]);
});

test('a cancelled batch ends when its running lines have; the others are named in its file of errors', async () => {
  const id = await order(6);
  const held = heldAsk();
  const running = work({ ask: held.ask });
  await held.asked;
  await desks().desk.cancel('agency', id);
  // Another worker ends nothing that still runs, and begins nothing.
  await work({ worker: 'two', ask: beginNone });
  assert.equal((await find(id)).status, 'cancelling');
  held.end();
  await running;
  assert.equal(await workToEnd(id, { ask: beginNone }), 'cancelled');
  const put = { l1: 200, l2: 200, l3: 200, l4: 200 };
  assert.deepEqual(await resultsOf(id), { ...put, l5: 'batch_cancelled', l6: 'batch_cancelled' });
});

test('a batch whose day is over begins no line, and names what was not put', async () => {
  const id = await order(5);
  await work({ ask: async () => answer(400) });
  nowMs += 86_400_000;
  assert.equal(await workToEnd(id, { ask: beginNone }), 'expired');
  assert.deepEqual(await resultsOf(id), { l1: 400, l2: 400, l3: 400, l4: 400, l5: 'batch_expired' });
});

test('two workers that come to the end of a batch write its files once', async () => {
  const id = await order(4);
  const store = openVaultStore(database.pool);
  /** So slow that the first look is over. */
  const slow: VaultStore = {
    ...store,
    async readLines(batch, from) {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return await store.readLines(batch, from);
    },
  };
  const first = work({ store: slow, ask: async () => answer() });
  while ((await find(id)).request_counts.completed < 4) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await work({ worker: 'two', ask: beginNone });
  await first;
  assert.equal(await workToEnd(id, { ask: beginNone }), 'completed');
  const page = { after: null, limit: 100, order: 'desc', purpose: 'batch_output' } as const;
  const files = await desks().files.list('agency', page);
  assert.equal(files.filter(({ filename }) => filename.startsWith(id)).length, 1);
});

test('lines that hang hold up no other batch, and no more of them run than a worker can take', async () => {
  const slow = await order(40);
  await work({ ask: async () => ({ kind: 'later', afterMs: 0 }) });
  const quick = await order(3);
  const held = heldAsk();
  const running = new Set<Promise<void>>();
  let most = 0;
  const ask = async ({ id }: BatchRow) => {
    most = Math.max(most, running.size);
    return await (id === slow ? held.ask() : Promise.resolve(answer()));
  };
  assert.equal(await workToEnd(quick, { running, ask }), 'completed');
  for (let round = 0; round < 8; round++) await work({ running, ask });
  assert.ok(most <= 16, `${most} ran`);
  held.end();
  assert.equal(await workToEnd(slow, { running, ask }), 'completed');
});

test('a database that goes away in the middle of a file fails no batch: it is read again', async () => {
  const id = await order(3);
  const store = openVaultStore(database.pool);
  let faults = 1;
  const failing: VaultStore = {
    ...store,
    addLines: (batch, lines) => (faults-- > 0 ? Promise.reject(new Error('away')) : store.addLines(batch, lines)),
  };
  const told: unknown[] = [];
  await work({ store: failing, ask: beginNone, report: (cause) => void told.push(cause) });
  assert.equal(told.length, 1);
  assert.equal(await workToEnd(id, { store: failing, ask: async () => answer() }), 'completed');
  assert.deepEqual(await resultsOf(id), { l1: 200, l2: 200, l3: 200 });
});

test('a file that cannot be read for a fault holds up no other batch', async () => {
  const poisoned = await order(1);
  const { rows } = await database.pool.query<{ file: string }>(
    'SELECT input_file AS file FROM vault_batch WHERE id = $1',
    [poisoned],
  );
  await database.pool.query("UPDATE vault_file_part SET sealed = '\\x00' WHERE file = $1", [rows[0]?.file]);
  const sound = await order(1);
  const faults: unknown[] = [];
  const report = (cause: unknown) => void faults.push(cause);
  assert.equal(await workToEnd(sound, { report, ask: async () => answer() }), 'completed');
  assert.ok(faults.length > 0, 'the fault is told');
  assert.equal((await find(poisoned)).status, 'validating');
  nowMs += 86_400_000;
  assert.equal(await workToEnd(poisoned, { report, ask: beginNone }), 'failed');
});

test('an order that is sent again with its key makes one batch, even in the same moment, and another order is refused', async () => {
  const { desk, files } = desks();
  const asked = await upload(2);
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
  const next = await upload(2);
  for (const other of [
    { ...again, asked: next, requestKey: 'nightly-2' },
    { ...again, asked: next, owner: { ...owner, keyId: 'other-key' } },
    { ...again, asked: next, owner: { ...owner, tenant: 'agency', keyId: 'key' }, requestKey: null },
  ])
    assert.notEqual((await desk.create(other)).id, made[0]?.id);
});
