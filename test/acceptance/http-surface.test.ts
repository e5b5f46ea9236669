/** What stands outside the path: health, description, logs, pages, sessions, keys, limits; and that content stays nowhere. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { problems } from '../../src/kit/index.ts';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { type RunningPolity, root, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;

before(async () => {
  upstream = await startUpstream();
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
});
after(async () => {
  await polity.dispose();
  await upstream.close();
});

async function expectProblem(response: Response, status: number, code: string): Promise<void> {
  const problem = (await response.json()) as { code: string };
  assert.deepEqual([response.status, problem.code], [status, code]);
}

/** As the address stands: `fetch` would clean it up. */
function rawGet(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: polity.port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asked.on('error', reject).end();
  });
}

function command(...words: string[]): string {
  const run = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'cli', ...words], {
    encoding: 'utf8',
    env: { ...process.env, POLITY_DATA: polity.data, PORT: String(polity.port) },
  });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trim();
}

function ask(apiKey: string, more: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'auto', max_tokens: 4, messages: [{ role: 'user', content: 'Tere' }], ...more }),
  });
}

test('the description names keys, logs and charter as documented', async () => {
  const said = JSON.parse((await rawGet('/.well-known/polity')).body);
  assert.deepEqual(Object.keys(said.charter), ['country', 'digest', 'status']);
  assert.deepEqual(said.logs.map(({ family }: { family: string }) => family).sort(), ['decisions', 'governance']);
  for (const log of said.logs) {
    assert.equal(log.prefix, `/log/${log.name}`);
    assert.match(log.policy, /^log \S+\nquorum none\n$/);
    assert.equal((await rawGet(`${log.prefix}/checkpoint`)).body.split('\n')[0], log.origin);
  }
  for (const key of said.receiptKeys)
    assert.deepEqual([key.alg, Buffer.from(key.publicKey, 'base64').length], ['Ed25519', 32]);
});

test('tiles are served at their one canonical path, with the headers of tlog-tiles', async () => {
  const { logs } = JSON.parse((await rawGet('/.well-known/polity')).body);
  const { name } = logs.find(({ family }: { family: string }) => family === 'governance');
  const checkpoint = await rawGet(`/log/${name}/checkpoint`);
  assert.match(String(checkpoint.headers['content-type']), /^text\/plain; charset=utf-8$/);
  const tile = `/log/${name}/tile/0/000.p/${checkpoint.body.split('\n')[1]}`;
  const plain = await rawGet(tile);
  assert.equal(plain.status, 200);
  assert.equal(plain.headers['content-type'], 'application/octet-stream');
  assert.match(String(plain.headers['cache-control']), /immutable/);
  assert.equal(plain.headers['access-control-allow-origin'], '*');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal((await rawGet(tile, { 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip');
  const wrong = [
    `${tile}/`,
    tile.replace('/0/000', '/00/000'),
    tile.replace('000', '0'),
    tile.replace('000', '%30%30%30'),
    `/log/${name}/tile/0/000.p/256`,
  ];
  const others = [
    `/log/${name}//checkpoint`,
    `/log/${name}/checkpoint/`,
    `/log/%67${name.slice(1)}/checkpoint`,
    `/log/${name}/tile/8/0/000`,
    '/log/none/checkpoint',
  ];
  for (const path of [...wrong, ...others]) assert.equal((await rawGet(path)).status, 404, path);
});

test('a browser elsewhere may read every answer of logs, receipts and the description, refusals included', async () => {
  const { logs } = JSON.parse((await rawGet('/.well-known/polity')).body);
  const log = logs[0].prefix;
  const none = '0'.repeat(32);
  const open = [
    `${log}/checkpoint`,
    `${log}/checkpoint/`,
    `${log}/tile/0/999`,
    '/log/none/checkpoint',
    `/v1/receipts/${none}`,
  ];
  for (const path of [...open, '/v1/receipts/none', '/.well-known/polity?now', '/api/record', '/api/record/none']) {
    const { headers } = await rawGet(path, { origin: 'https://verifier.example' });
    assert.equal(headers['access-control-allow-origin'], '*', path);
    // What says when to ask again, and what names the request to the operator.
    assert.match(String(headers['access-control-expose-headers']), /retry-after.*x-request-id/, path);
  }
  for (const path of ['/', '/v1/models', '/v1/receipts', '/healthz', '/api/session', '/api/records'])
    assert.equal((await rawGet(path)).headers['access-control-allow-origin'], undefined, path);
});

test('an unknown or malformed receipt id is 404', async () => {
  for (const id of ['0'.repeat(32), 'A'.repeat(32), '..', '0'.repeat(31)]) {
    assert.equal((await rawGet(`/v1/receipts/${id}`)).status, 404, id);
  }
});

test('each problem has a page, and no page lets anything in from elsewhere', async () => {
  for (const code of Object.keys(problems)) assert.equal((await rawGet(`/problems/${code}`)).status, 200, code);
  assert.equal((await rawGet('/problems/../package.json')).status, 404);
  const start = await rawGet('/');
  assert.match(start.body, /Polity|service runs/);
  assert.match(String(start.headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
});

test('with `--json` standard output is one JSON document', () => {
  const lines = [
    'status',
    'keys list',
    'log list',
    'usage',
    'models list',
    'charter check',
    'knowledge list',
    'admin link',
  ];
  const listed = lines.map((line) => JSON.parse(command(...line.split(' '), '--json')) as object);
  assert.ok(listed.every((document) => typeof document === 'object' && document !== null));
});

test('an administrator link works once, from this origin only, and its session is seen by no script', async () => {
  const link = command('admin', 'link');
  const token = new URL(link).hash.replace('#admin=', '');
  const redeem = (origin: string) =>
    fetch(`${polity.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token }),
    });
  assert.equal((await redeem('https://evil.example')).status, 403);
  const opened = await redeem(polity.url);
  assert.equal(opened.status, 200);
  const cookie = opened.headers.get('set-cookie') ?? '';
  assert.match(cookie, /; HttpOnly; SameSite=Lax; Path=\/api;/);
  await expectProblem(await redeem(polity.url), 401, 'signed-out');
  const session = (headers: Record<string, string>) => fetch(`${polity.url}/api/session`, { headers });
  assert.equal((await session({ cookie: cookie.split(';')[0] as string })).status, 200);
  assert.equal((await session({})).status, 401);
});

test('a key is bound to its purposes, and dead within two seconds of its revocation', async () => {
  const made = JSON.parse(command('keys', 'create', '--tenant', 'school', '--purpose', 'education', '--json'));
  const key: string = made.secret;
  const first = await ask(key, {}, { 'x-polity-classification': 'public' });
  assert.equal(first.status, 200, await first.text());
  await expectProblem(await ask(key, {}, { 'x-polity-purpose': 'casework' }), 403, 'purpose-not-allowed');
  assert.equal((await ask(key, {}, { 'x-polity-classification': 'pubic' })).status, 400);
  await expectProblem(await fetch(`${polity.url}/v1/models`), 401, 'missing-key');
  command('keys', 'revoke', made.id);
  await delay(1_500);
  assert.equal((await ask(key)).status, 401);
});

test('over a rate is 429 with the time to wait, over a budget 402, and only the latter is recorded', async () => {
  const create = (...limits: string[]) =>
    command('keys', 'create', '--tenant', 'agency', '--purpose', 'drafting', ...limits);
  const slow = create('--requests-per-minute', '2');
  const statuses = [await ask(slow), await ask(slow), await ask(slow)];
  const limited = statuses[2] as Response;
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [200, 200, 429],
  );
  assert.ok(Number(limited.headers.get('retry-after')) >= 1);
  assert.equal(limited.headers.get('x-ratelimit-remaining-requests'), '0');
  assert.equal(limited.headers.get('x-receipt-id'), null);
  await expectProblem(limited, 429, 'rate-limited');
  const poor = create('--tokens-per-day', '5');
  const refused = await ask(poor, { max_tokens: 500 });
  await expectProblem(refused, 402, 'over-budget');
  assert.match(refused.headers.get('x-receipt-id') ?? '', /^[0-9a-f]{32}$/);
});

test('what is asked and answered stands in no log line, no metric, no problem and no row', async () => {
  const canary = 'kanaarilind-4711-õ';
  await (await ask(polity.apiKey, { messages: [{ role: 'user', content: canary }] })).text();
  await (await ask(polity.apiKey, { stream: true, messages: [{ role: 'user', content: canary }] })).text();
  const problem = await (await ask(polity.apiKey, { messages: [{ role: canary, content: canary }] })).text();
  await delay(800);
  const places: Record<string, string> = {
    problem,
    metrics: (await rawGet('/metrics')).body,
    log: polity.errors(),
    rows: await allRows(),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const word of ['kanaarilind', 'lind-4711', 'maailm']) assert.ok(!text.includes(word), `${word} in ${place}`);
  }
  assert.match(places.log ?? '', /"endpoint":"\/v1\/chat\/completions"/);
});

/** Every row of every table as text; binary columns are shown as the text that they may hold. */
async function allRows(): Promise<string> {
  const password = readFileSync(join(polity.data, 'postgres/password'), 'utf8').trim();
  const host = encodeURIComponent(join(polity.data, 'postgres/socket'));
  const client = new pg.Client({ connectionString: `postgres://polity:${password}@localhost/polity?host=${host}` });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  let text = '';
  for (const { name } of tables.rows) {
    const { rows } = await client.query({ text: `SELECT * FROM ${name}`, rowMode: 'array' });
    text += JSON.stringify(rows, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('utf8') : value,
    );
  }
  await client.end();
  return text;
}
