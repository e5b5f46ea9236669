import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { answering, readBody, runCall } from '../../../test/call-upstream.ts';
import { vertexWire } from '../../../test/provider-wire/vertex.ts';
import type { Backend } from '../../charter/schema.ts';
import { openBackend } from './open-backend.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-google-'));
after(() => rmSync(folder, { recursive: true }));
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicKey = createPublicKey(privateKey);

interface Google {
  /** Claims of each assertion whose signature was right. */
  readonly claims: Record<string, unknown>[];
  /** Of what the provider was asked with. */
  readonly bearers: string[];
  lifeSeconds: number;
  /** Tokens that the provider does not take. */
  readonly revoked: Set<string>;
  status: number;
}

/** A token endpoint and a provider on loopback, and a port in front of them. */
async function open(t: TestContext, more: Partial<Backend> = {}, edit: object = {}) {
  const google: Google = { claims: [], bearers: [], lifeSeconds: 3600, revoked: new Set(), status: 200 };
  const tokenBase = await answering(t, async (request, response) => {
    const form = new URLSearchParams(await readBody(request));
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    assert.equal(form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
    assert.ok(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url')));
    google.claims.push(JSON.parse(Buffer.from(claims, 'base64url').toString()));
    response.writeHead(google.status, { 'content-type': 'application/json' });
    const token = {
      access_token: `ya29.${google.claims.length}`,
      expires_in: google.lifeSeconds,
      token_type: 'Bearer',
    };
    response.end(JSON.stringify(google.status === 200 ? token : { error: 'invalid_grant', error_description: pem }));
  });
  const url = await answering(t, async (request, response) => {
    await readBody(request);
    const apiKey = request.headers['x-goog-api-key'];
    const bearer = apiKey === undefined ? String(request.headers.authorization) : `key ${apiKey}`;
    google.bearers.push(bearer);
    const isTaken = !google.revoked.has(bearer.replace('Bearer ', ''));
    response.writeHead(isTaken ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isTaken ? vertexWire.whole.text : { error: { code: 401, status: 'UNAUTHENTICATED' } }));
  });
  const tokenUri = tokenBase.replace('/v1', '/token');
  const file = join(folder, `${Math.random()}.json`);
  const account = {
    type: 'service_account',
    client_email: 'polity@example.iam',
    private_key: pem,
    token_uri: tokenUri,
  };
  writeFileSync(file, JSON.stringify({ ...account, private_key_id: 'k1', ...edit }));
  const entry = { id: 'v', model: 'm', dialect: 'vertex', concurrent: 4, allowPrivateAddress: true, url };
  const openPort = () => {
    const opened = openBackend({ ...entry, key: `file:${file}`, ...more } as Backend);
    t.after(() => opened.close());
    return opened;
  };
  const port = openPort();
  const ask = (of = port) =>
    runCall(of, { body: { model: vertexWire.model, messages: [{ role: 'user', content: 'Tere' }], max_tokens: 9 } });
  return { google, port, ask, tokenUri, file, openPort };
}

test('a service account buys one token for all who ask, with a signed claim for this endpoint', async (t) => {
  const { google, ask, tokenUri } = await open(t);
  const answers = await Promise.all([ask(), ask(), ask()]);
  for (const { start, text } of answers) {
    assert.equal(start?.status, 200);
    assert.match(text, /Tere, maailm/);
  }
  await ask();
  assert.equal(google.claims.length, 1);
  const { iss, aud, scope, iat, exp } = google.claims[0] ?? {};
  assert.deepEqual([iss, aud], ['polity@example.iam', tokenUri]);
  assert.match(String(scope), /cloud-platform$/);
  assert.equal(Number(exp) - Number(iat), 3600);
  assert.ok(google.bearers.every((bearer) => bearer === 'Bearer ya29.1'));
});

test('a token that has ended is not used again', async (t) => {
  const { google, ask } = await open(t);
  google.lifeSeconds = 0.4;
  await ask();
  await delay(500);
  await ask();
  assert.deepEqual(google.bearers, ['Bearer ya29.1', 'Bearer ya29.2']);
});

test('a token that the provider does not take is replaced once, and no more than once', async (t) => {
  const { google, ask } = await open(t);
  await ask();
  google.revoked.add('ya29.1');
  assert.equal((await ask()).start?.status, 200);
  assert.deepEqual(google.bearers, ['Bearer ya29.1', 'Bearer ya29.1', 'Bearer ya29.2']);
  for (const name of ['ya29.2', 'ya29.3', 'ya29.4']) google.revoked.add(name);
  assert.equal((await ask()).start?.status, 401);
  assert.equal(google.bearers.length, 5);
});

test('without a token nothing is sent, the backend says why, and serves again once there is one', async (t) => {
  const { google, port, ask } = await open(t);
  google.status = 400;
  const { failure } = await ask();
  assert.equal(failure?.kind, 'unreachable');
  assert.match(failure?.reason ?? '', /token endpoint answered 400/);
  assert.match(port.obstacle() ?? '', /token endpoint answered 400/);
  assert.ok(!JSON.stringify([failure, port.obstacle()]).includes('PRIVATE'));
  assert.equal(google.bearers.length, 0);
  google.status = 200;
  assert.equal((await ask()).start?.status, 200);
  assert.equal(port.obstacle(), null);
});

test('the token endpoint is asked by the rules of addresses of its backend', async (t) => {
  const { google, ask } = await open(t, { allowPrivateAddress: false, url: 'https://vertex.example/v1' });
  const { failure } = await ask();
  assert.equal(failure?.kind, 'unreachable');
  assert.match(failure?.reason ?? '', /https|private/);
  const safe = await open(
    t,
    { allowPrivateAddress: false, url: 'https://vertex.example/v1' },
    { token_uri: 'https://127.0.0.1:9/token' },
  );
  assert.match((await safe.ask()).failure?.reason ?? '', /private/);
  assert.equal(google.claims.length, 0);
});

test('a key file that is none is named with the member that is wrong, and shows no value', async (t) => {
  const { port, ask } = await open(t, {}, { private_key: 'secret words' });
  assert.match(port.obstacle() ?? '', /no right `private_key`/);
  assert.ok(!String(port.obstacle()).includes('secret words'));
  assert.equal((await ask()).failure?.kind, 'unreachable');
});

/** Longer than a renewed file may go unseen. */
const SEEN_MS = 1_100;

test('a key file that takes the place of a plain key, or the other way round, is what it is from then on', async (t) => {
  const { google, port, ask, file } = await open(t);
  const account = readFileSync(file, 'utf8');
  await ask();
  writeFileSync(file, 'ya29.from-another-program');
  await delay(SEEN_MS);
  await ask();
  writeFileSync(file, 'an-api-key');
  await delay(SEEN_MS);
  await ask();
  writeFileSync(file, account.replace('}', ' }'));
  await delay(SEEN_MS);
  assert.equal((await ask()).start?.status, 200);
  assert.deepEqual(google.bearers.slice(0, 3), ['Bearer ya29.1', 'Bearer ya29.from-another-program', 'key an-api-key']);
  assert.match(google.bearers[3] ?? '', /^Bearer ya29\.\d$/);
  assert.equal(port.obstacle(), null);
});

test('a backend that was opened with a plain key never sends the key file that replaces it', async (t) => {
  const { google, ask, file, openPort } = await open(t);
  const account = readFileSync(file, 'utf8');
  writeFileSync(file, 'an-api-key');
  const opened = openPort();
  await ask(opened);
  writeFileSync(file, account);
  await delay(SEEN_MS);
  assert.equal((await ask(opened)).start?.status, 200);
  assert.deepEqual(google.bearers, ['key an-api-key', 'Bearer ya29.1']);
});

test('a renewed key file buys the next token; one in the middle of being written breaks nothing', async (t) => {
  const { google, port, ask, file } = await open(t);
  const account = readFileSync(file, 'utf8');
  await ask();
  writeFileSync(file, account.slice(0, 99));
  await delay(SEEN_MS);
  assert.equal((await ask()).start?.status, 200);
  assert.equal(google.claims.length, 1);
  assert.match(port.obstacle() ?? '', /no JSON/);
  writeFileSync(file, account.replace('polity@example.iam', 'other@example.iam'));
  await delay(SEEN_MS);
  await ask();
  for (let tries = 0; port.obstacle() !== null && tries < 100; tries++) await delay(20);
  assert.equal(google.claims[1]?.iss, 'other@example.iam');
  assert.equal(port.obstacle(), null);
  await ask();
  assert.equal(google.bearers.at(-1), 'Bearer ya29.2');
});
