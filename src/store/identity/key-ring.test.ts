import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '../../../test/database.ts';
import { parseCharter, readCharterFolder } from '../../charter/index.ts';
import type { Charter } from '../../charter/schema.ts';
import { createKey, type KeyWish, makeKeySecret, revokeKey } from '../../identity/index.ts';
import { type Clock, Problem, systemClock } from '../../kit/index.ts';
import { openDatabase } from '../database.ts';
import { type Listener, openListener } from '../open-listener.ts';
import { KEYS_CHANNEL, type LiveKeyRing, openKeyRing } from './open-key-ring.ts';
import { openKeyStore } from './pg-key-store.ts';

const open: { close(): Promise<void> }[] = [];

after(async () => {
  for (const part of open.reverse()) await part.close();
  await database.close();
  await server.drop();
});

const server = await createTestDatabase();
const database = openDatabase<never>({ url: server.url, role: 'test', connections: 4 });

const parsed = parseCharter(readCharterFolder(fileURLToPath(new URL('../../../charters/estonia', import.meta.url))));
assert.equal(parsed.kind, 'valid');
const { charter } = parsed as { charter: Charter };

async function openRing(clock: Clock = systemClock): Promise<{ ring: LiveKeyRing; listener: Listener }> {
  const listener = await openListener({ url: server.url, role: 'ring', channels: [KEYS_CHANNEL] });
  const ring = await openKeyRing({ pool: database.pool, listener, clock });
  open.push(listener, ring);
  return { ring, listener };
}

function create(wish: Partial<KeyWish> = {}) {
  const store = openKeyStore(database.pool);
  const nowMs = systemClock.wallMs();
  return createKey({ tenant: 'agency', purposes: ['drafting'], ...wish }, { store, charter, nowMs });
}

const deafListener: Listener = { isConnected: () => true, on: () => {}, close: async () => {} };

/** Asks until it is so, for a second at most: what is promised. */
async function withinASecond(isSo: () => boolean): Promise<void> {
  const endMs = systemClock.monotonicMs() + 1_000;
  while (!isSo()) {
    assert.ok(systemClock.monotonicMs() < endMs, 'a second has passed');
    await delay(5);
  }
}

test('a new key is known to every gateway within a second, with all that it may', async () => {
  const [{ ring }, { ring: other }] = [await openRing(), await openRing()];
  const limits = { requestsPerMinute: 10, moneyPerMonth: 1.5 };
  const { secret, key } = await create({ defaultLevel: 'public', limits, name: 'õpilaste abi' });
  await withinASecond(() => ring.find(secret) !== null && other.find(secret) !== null);
  assert.deepEqual(ring.find(secret), key);
});

test('a key that has not reached the ring yet is looked up, a revoked one is not found', async () => {
  const ring = await openKeyRing({ pool: database.pool, listener: deafListener, clock: systemClock });
  open.push(ring);
  const { secret, key } = await create();
  assert.equal(ring.find(secret), null);
  assert.deepEqual(await ring.lookUp(secret), key);
  await revokeKey(key.id, { store: openKeyStore(database.pool), nowMs: 1 });
  assert.equal(await ring.lookUp(secret), null);
});

test('strangers who make keys up are looked up a few at a time, and wait a second at most for a database that hangs', async () => {
  let lookUps = 0;
  const query = (text: string) => {
    if (!text.includes('secret_hash')) return Promise.resolve({ rows: [] });
    lookUps += 1;
    return new Promise(() => {});
  };
  const pool = { query } as unknown as typeof database.pool;
  const ring = await openKeyRing({ pool, listener: deafListener, clock: systemClock });
  open.push(ring);
  const found = await Promise.all(Array.from({ length: 50 }, () => ring.lookUp(makeKeySecret())));
  assert.ok(found.every((key) => key === null));
  assert.equal(lookUps, 4);
});

test('a revoked key is dead in every gateway within a second, and stays in the list', async () => {
  const [{ ring }, { ring: other }] = [await openRing(), await openRing()];
  const { secret, key } = await create();
  await withinASecond(() => ring.find(secret) !== null && other.find(secret) !== null);
  const store = openKeyStore(database.pool);
  const revoked = await revokeKey(key.id, { store, nowMs: 123 });
  await withinASecond(() => ring.find(secret) === null && other.find(secret) === null);
  assert.equal(revoked.revokedAtMs, 123);
  assert.equal((await revokeKey(key.id, { store, nowMs: 456 })).revokedAtMs, 123);
  const listed = (await store.list({ tenant: 'agency' })).find((row) => row.id === key.id);
  assert.deepEqual(listed, revoked);
  assert.deepEqual(await store.list({ tenant: 'school' }), []);
});

test('a revocation also arrives after the listening connection was cut', async () => {
  const { ring, listener } = await openRing();
  const { secret, key } = await create();
  await withinASecond(() => ring.find(secret) !== null);
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'polity-ring-listener' AND datname = current_database()`,
  );
  await withinASecond(() => !listener.isConnected());
  await revokeKey(key.id, { store: openKeyStore(database.pool), nowMs: 1 });
  await withinASecond(() => ring.find(secret) === null);
});

test('revoking what is no key says how to find the ids', async () => {
  await assert.rejects(
    revokeKey('key_nothing', { store: openKeyStore(database.pool), nowMs: 1 }),
    (error) => error instanceof Problem && error.code === 'not-found' && /keys list/.test(error.detail),
  );
});

test('a key ends at its time, without anybody telling', async () => {
  const time = { nowMs: systemClock.wallMs() };
  const { ring } = await openRing({ wallMs: () => time.nowMs, monotonicMs: () => systemClock.monotonicMs() });
  const { secret } = await create({ expiresAtMs: time.nowMs + 60_000 });
  await withinASecond(() => ring.find(secret) !== null);
  time.nowMs += 60_000;
  assert.equal(ring.find(secret), null);
});

test('what is no key is not found', async () => {
  const { ring } = await openRing();
  const { secret } = await create();
  await withinASecond(() => ring.find(secret) !== null);
  for (const wrong of ['', 'pk_', secret.slice(0, -1), `${secret} `, secret.toLowerCase(), 'x'.repeat(1e6)]) {
    assert.equal(ring.find(wrong), null);
  }
});

test('a list of keys that is older than a minute says so', async () => {
  const time = { passedMs: 0 };
  const clock = { wallMs: systemClock.wallMs, monotonicMs: () => systemClock.monotonicMs() + time.passedMs };
  const { ring } = await openRing(clock);
  assert.equal(ring.obstacle(), null);
  time.passedMs = 61_000;
  assert.match(ring.obstacle() ?? '', /61 s old/);
});
