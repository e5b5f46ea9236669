import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createTestDatabase } from '../../../test/database.ts';
import { createAdminLink, openSessionDesk } from '../../identity/index.ts';
import type { Role } from '../../identity/ports.ts';
import { openDatabase } from '../database.ts';
import { sweepRows } from '../sweep-rows.ts';
import { openSessionStore } from './pg-session-store.ts';

after(async () => {
  await database.close();
  await server.drop();
});

const server = await createTestDatabase();
const database = openDatabase<never>({ url: server.url, role: 'test', connections: 8 });

const HOUR_MS = 3_600_000;

function openDesk() {
  const time = { nowMs: Date.parse('2026-11-23T12:00:00Z') };
  const clock = { wallMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const context = { store: openSessionStore(database.pool), clock };
  return {
    time,
    desk: openSessionDesk(context),
    async link(role?: Role) {
      const link = await createAdminLink({ ...context, publicUrl: 'https://ai.example.ee', ...(role && { role }) });
      const url = new URL(link.url);
      return { url, token: new URLSearchParams(url.hash.slice(1)).get('admin') ?? '' };
    },
  };
}

async function signIn(at: ReturnType<typeof openDesk>) {
  const session = await at.desk.redeemAdminLink((await at.link()).token);
  assert.ok(session);
  return session;
}

test('a link carries 256 bits in its fragment, and the database keeps their hash only', async () => {
  const { url, token } = await openDesk().link();
  assert.equal(url.origin + url.pathname + url.search, 'https://ai.example.ee/');
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  const { rows } = await database.pool.query<{ all: string }>('SELECT admin_link::text AS all FROM admin_link');
  assert.ok(rows.length > 0 && rows.every((row) => !row.all.includes(token)));
});

test('of twenty who use a link at the same time exactly one gets a session', async () => {
  const at = openDesk();
  const { token } = await at.link();
  const sessions = await Promise.all(Array.from({ length: 20 }, () => at.desk.redeemAdminLink(token)));
  const opened = sessions.filter((session) => session !== null);
  assert.equal(opened.length, 1);
  assert.equal((await at.desk.findSession(opened[0]?.secret ?? ''))?.role, 'administrator');
  assert.equal(await at.desk.redeemAdminLink(token), null);
});

test('a session has the role of its link', async () => {
  const at = openDesk();
  const session = await at.desk.redeemAdminLink((await at.link('auditor')).token);
  assert.equal(session?.role, 'auditor');
});

test('a link is dead after 15 minutes, and what is no token opens nothing', async () => {
  const at = openDesk();
  const { token } = await at.link();
  for (const wrong of ['', 'x', `${token}x`, 'A'.repeat(43), token.toUpperCase()]) {
    assert.equal(await at.desk.redeemAdminLink(wrong), null);
  }
  at.time.nowMs += 15 * 60_000;
  assert.equal(await at.desk.redeemAdminLink(token), null);
});

test('a session ends twelve hours after its last use', async () => {
  const at = openDesk();
  const { secret } = await signIn(at);
  at.time.nowMs += 11 * HOUR_MS;
  assert.ok(await at.desk.findSession(secret));
  at.time.nowMs += 11 * HOUR_MS;
  assert.ok(await at.desk.findSession(secret), 'use keeps it alive');
  const idle = await signIn(at);
  at.time.nowMs += 12 * HOUR_MS;
  assert.equal(await at.desk.findSession(idle.secret), null);
});

test('no use keeps a session alive for more than a day', async () => {
  const at = openDesk();
  const { secret } = await signIn(at);
  for (let hour = 1; hour < 24; hour++) {
    at.time.nowMs += HOUR_MS;
    assert.ok(await at.desk.findSession(secret), `hour ${hour}`);
  }
  at.time.nowMs += HOUR_MS;
  assert.equal(await at.desk.findSession(secret), null);
});

test('a session that was ended stays ended, and others go on', async () => {
  const at = openDesk();
  const [first, second] = [await signIn(at), await signIn(at)];
  await at.desk.endSession(first.secret);
  await at.desk.endSession('nonsense');
  assert.equal(await at.desk.findSession(first.secret), null);
  assert.ok(await at.desk.findSession(second.secret));
});

test('sweeping keeps every session that lives', async () => {
  const at = openDesk();
  const { secret } = await signIn(at);
  await sweepRows(database.pool, at.time.nowMs);
  assert.ok(await at.desk.findSession(secret));
});
