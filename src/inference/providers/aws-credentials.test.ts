import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { answering, readBody, runCall } from '../../../test/call-upstream.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import type { Backend } from '../../charter/schema.ts';
import { openBackend } from './open-backend.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-aws-'));
after(() => rmSync(folder, { recursive: true }));
/** Longer than a renewed file may go unseen. */
const SEEN_MS = 1_100;
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const first = { Version: 1, AccessKeyId: 'ASIA1', SecretAccessKey: 'secret-1', SessionToken: 'session-1' };

async function open(t: TestContext, key: string, more: Partial<Backend> = { region: 'eu-north-1' }) {
  const asked: { readonly id: string | undefined; readonly session: string; readonly headers: string }[] = [];
  const url = await answering(t, async (request, response) => {
    await readBody(request);
    const { authorization = '', 'x-amz-security-token': session } = request.headers;
    const id = /Credential=(\w+)\//.exec(authorization)?.[1] ?? authorization;
    asked.push({ id, session: String(session), headers: JSON.stringify(request.headers) });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(bedrockWire.whole.text));
  });
  const file = join(folder, `${Math.random()}`);
  writeFileSync(file, key);
  const entry = { id: 'b', model: 'm', dialect: 'bedrock', concurrent: 4, allowPrivateAddress: true, url };
  const port = openBackend({ ...entry, key: `file:${file}`, ...more } as Backend);
  t.after(() => port.close());
  const ask = () =>
    runCall(port, { body: { model: bedrockWire.model, messages: [{ role: 'user', content: 'Tere' }], max_tokens: 9 } });
  return { asked, port, ask, file };
}

test('a file of credentials signs with its session token, and the next one takes over when it is written', async (t) => {
  const { asked, port, ask, file } = await open(t, JSON.stringify({ ...first, Expiration: inAnHour() }));
  assert.equal((await ask()).start?.status, 200);
  const { SessionToken, ...next } = { ...first, AccessKeyId: 'ASIA2', Token: 'session-2' };
  writeFileSync(file, JSON.stringify(next));
  await delay(SEEN_MS);
  assert.equal((await ask()).start?.status, 200);
  assert.deepEqual(
    asked.map(({ id, session }) => [id, session]),
    [
      ['ASIA1', 'session-1'],
      ['ASIA2', 'session-2'],
    ],
  );
  assert.ok(asked.every(({ headers }) => !headers.includes('secret-1')));
  assert.equal(port.obstacle(), null);
});

test('an API key that a file of credentials replaces becomes what signs, and the other way round', async (t) => {
  const { asked, ask, file } = await open(t, 'an-api-key');
  await ask();
  writeFileSync(file, JSON.stringify(first));
  await delay(SEEN_MS);
  await ask();
  writeFileSync(file, 'an-api-key');
  await delay(SEEN_MS);
  await ask();
  assert.deepEqual(
    asked.map(({ id }) => id),
    ['Bearer an-api-key', 'ASIA1', 'Bearer an-api-key'],
  );
});

test('credentials that have ended are not sent; the backend says so and serves again with new ones', async (t) => {
  const { asked, port, ask, file } = await open(t, JSON.stringify(first));
  writeFileSync(file, JSON.stringify({ ...first, Expiration: '2026-01-01T00:00:00Z' }));
  await delay(SEEN_MS);
  const { failure } = await ask();
  assert.equal(failure?.kind, 'unreachable');
  assert.match(failure?.reason ?? '', /have ended/);
  assert.match(port.obstacle() ?? '', /have ended/);
  assert.equal(asked.length, 0);
  writeFileSync(file, JSON.stringify({ ...first, Expiration: inAnHour() }));
  await delay(SEEN_MS);
  assert.equal((await ask()).start?.status, 200);
});

test('what is wrong with a file of credentials is named, and no value of it', async (t) => {
  for (const [key, reason] of [
    [JSON.stringify({ ...first, SecretAccessKey: '' }), /no right `SecretAccessKey`/],
    ['{"AccessKeyId": "ASIA1", "SecretAccessKey": "secret-1', /no JSON/],
  ] as const) {
    const { asked, port, ask } = await open(t, key);
    assert.match(port.obstacle() ?? '', reason);
    assert.equal((await ask()).failure?.kind, 'unreachable');
    assert.ok(!JSON.stringify(port.obstacle()).includes('secret-1'));
    assert.equal(asked.length, 0);
  }
});

test('credentials without the region that they sign for are not sent', async (t) => {
  const { asked, port, ask } = await open(t, JSON.stringify(first), {});
  assert.match((await ask()).failure?.reason ?? '', /needs its `region`/);
  assert.match(port.obstacle() ?? '', /needs its `region`/);
  assert.equal(asked.length, 0);
});
