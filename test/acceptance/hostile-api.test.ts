/** What broken and hostile browsers send to `/api`: bodies that stall, lie or nest, and what an operator sees of a fault. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { charterVariant, servedImpatiently } from '../charter-variant.ts';
import { databaseOf } from '../quota-books.ts';
import { sendRaw } from '../raw-http.ts';
import { type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;
let cookie = '';

before(async () => {
  upstream = await startUpstream();
  polity = await startPolity({ charter: await charterVariant(servedImpatiently(upstream.url)) });
  const { out } = await runCli(polity, 'admin', 'link', '--json');
  const token = new URL((JSON.parse(out) as { url: string }).url).hash.replace('#admin=', '');
  const signedIn = await send('/api/session', JSON.stringify({ token }));
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  assert.match(cookie, /^polity_session=/);
});
after(async () => {
  await polity?.dispose();
  await upstream?.close();
});

function send(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(polity.url + path, {
    method: 'POST',
    headers: { cookie, origin: polity.url, 'content-type': 'application/json', ...headers },
    body: new Uint8Array(Buffer.from(body)),
    signal: AbortSignal.timeout(10_000),
  });
}

const ask = '/api/conversations';
const key = '/api/console/keys';
const playground = '/api/console/playground';

async function expectRefusal(answer: Response, status: number, code: string): Promise<void> {
  const body = (await answer.json()) as { code: string; detail: string };
  assert.deepEqual([answer.status, body.code], [status, code], body.detail);
}

test('a body that stalls is refused in the time of every body, on every address of a browser', async () => {
  const stall = async (path: string) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\norigin: ${polity.url}\r\ncookie: ${cookie}\r\n`;
    const { text, isClosed } = await sendRaw(polity.port, [
      `${head}content-type: application/json\r\ncontent-length: 50\r\n\r\n{"a`,
    ]);
    assert.match(text, /^HTTP\/1\.1 408 /, path);
    assert.ok(isClosed, `${path} keeps the connection`);
  };
  await Promise.all([ask, key, playground, '/api/session', '/api/console/decide'].map(stall));
});

test('a body is read as one: no key comes twice, no byte is guessed, no coding is overlooked', async () => {
  const sound = '"mode":"quoted","language":"et"';
  const twin = `{"question":"a","question":"b",${sound}}`;
  await expectRefusal(await send(ask, twin), 400, 'invalid-request');
  const broken = Buffer.concat([Buffer.from('{"question":"'), Buffer.from([0xff]), Buffer.from(`",${sound}}`)]);
  await expectRefusal(await send(ask, broken), 400, 'malformed-json');
  const packed = await send(ask, `{"question":"a",${sound}}`, { 'content-encoding': 'gzip' });
  await expectRefusal(packed, 415, 'unsupported-media-type');
});

test('a body that is nested too deep is refused and gets an answer, whatever reads it', async () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const asked = `{"tenant":"agency","purpose":"drafting","request":{"messages":${deep(120_000)}}}`;
  await expectRefusal(await send(playground, asked), 400, 'malformed-json');
  await expectRefusal(await send(ask, `{"question":${deep(30_000)}}`), 400, 'malformed-json');
});

test('a body above the bound of its address is told that bound', async () => {
  const told = async (path: string, bytes: number) =>
    ((await (await send(path, `{"a":"${'x'.repeat(bytes)}"}`)).json()) as { detail: string }).detail;
  assert.match(await told(ask, 70_000), /larger than 64000 bytes/);
  assert.match(await told(playground, 300_000), /larger than 256000 bytes/);
});

test('a fault outside the path of inference leaves a line with its request id and its cause', async () => {
  const database = new pg.Client({ connectionString: databaseOf(polity.data) });
  await database.connect();
  const headers = { authorization: `Bearer ${polity.apiKey}` };
  await database.query('ALTER TABLE vault_file RENAME TO vault_file_away');
  const answer = await fetch(`${polity.url}/v1/files`, { headers });
  await database.query('ALTER TABLE vault_file_away RENAME TO vault_file');
  await database.end();
  await expectRefusal(answer, 500, 'internal');
  const id = answer.headers.get('x-request-id') ?? '';
  for (let tries = 0; tries < 30 && !polity.errors().includes(id); tries++) await delay(100);
  const line = polity
    .errors()
    .split('\n')
    .find((one) => one.includes(id));
  assert.ok(line, 'no line has the request id');
  const { endpoint, status, problem, reason } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([endpoint, status, problem], ['/v1/files', 500, 'internal']);
  assert.match(String(reason), /vault_file/);
});
