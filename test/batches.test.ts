/** Batches whose workers die, whose database goes away, and whose time or patience ends: one result for each line, and none paid twice. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { systemTimers, type Timers, utf8, wrappingKey } from '../src/kit/index.ts';
import { type Database, openDatabase, openVaultStore } from '../src/store/index.ts';
import { BatchDesk, FileDesk, type LineAnswer, TenantKeys, workAtBatches } from '../src/vault/index.ts';
import type { BatchRow, VaultStore } from '../src/vault/ports.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let made: TestDatabase;
let database: Database<never>;
let nowMs = Date.now();
const clock = { wallMs: () => nowMs, monotonicMs: () => performance.now() };
const endpoint = '/v1/chat/completions';
const purpose = { id: 'drafting', retentionDays: 30 } as Parameters<BatchDesk['create']>[0]['purpose'];

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

const room = { storedBytesMax: 1_000_000_000, storedCountMax: 10_000 };

async function order(lines: number): Promise<string> {
  const { files, desk } = desks();
  const line = (at: number) => JSON.stringify({ custom_id: `l${at}`, method: 'POST', url: endpoint, body: {} });
  const text = Array.from({ length: lines }, (_, at) => line(at + 1)).join('\n');
  async function* bytes() {
    yield utf8(text);
  }
  const received = await files.receive(
    { tenant: 'agency', keptFor: purpose, name: 'b.jsonl', bytesMax: 1_000_000, room },
    bytes(),
  );
  const { id } = await files.publish(received, { purpose: 'batch' });
  const owner = { tenant: 'agency', keyId: 'key', purpose, room };
  return (await desk.create(owner, { input_file_id: id, endpoint, completion_window: '24h' })).id;
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

test('a list of batches asks the database once for the lines of all that have not ended', async () => {
  const ids = [await order(1), await order(2), await order(3)];
  const store = openVaultStore(database.pool);
  let counted = 0;
  const counting: VaultStore = {
    ...store,
    countLines(batches) {
      counted++;
      return store.countLines(batches);
    },
  };
  const listed = await openDesks(counting).desk.list('agency', { after: null, limit: 3, order: 'desc' });
  assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set(ids));
  assert.equal(counted, 1);
  for (const id of ids) await desks().desk.cancel('agency', id);
  for (const id of ids) await workToEnd(id, { ask: beginNone });
});

test('of a batch that has ended no line is kept, and it still says how many there were', async () => {
  const id = await order(3);
  assert.equal(await workToEnd(id, { ask: async () => answer() }), 'completed');
  const { rows } = await database.pool.query('SELECT number FROM vault_batch_line WHERE batch = $1', [id]);
  assert.deepEqual(rows, []);
  assert.deepEqual((await find(id)).request_counts, { total: 3, completed: 3, failed: 0 });
});

test('a file that is ordered again and again takes room each time until its batches have ended', async () => {
  const { files, desk } = desks();
  async function* bytes() {
    yield utf8(`${JSON.stringify({ custom_id: 'a', method: 'POST', url: endpoint, body: {} })}\n`.padEnd(400_000));
  }
  const file = { tenant: 'school', keptFor: purpose, name: 'b.jsonl', bytesMax: 1_000_000, room };
  const { id } = await files.publish(await files.receive(file, bytes()), { purpose: 'batch' });
  const owner = { tenant: 'school', keyId: 'key', purpose, room: { ...room, storedBytesMax: 1_000_000 } };
  const again = () => desk.create(owner, { input_file_id: id, endpoint, completion_window: '24h' });
  const first = await again();
  await assert.rejects(again(), { code: 'body-too-large', message: /may have 1000000 bytes together and have 800000/ });
  await desk.cancel('school', first.id);
  for (let tries = 0; (await desk.find('school', first.id)).status !== 'cancelled'; tries++) {
    assert.ok(tries < 50, 'the batch does not end');
    await work({ ask: beginNone });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await again();
});
