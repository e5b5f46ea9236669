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

const question = '/api/conversations';
const key = '/api/console/keys';
const playground = '/api/console/playground';

async function expectRefusal(answer: Response, status: number, code: string): Promise<void> {
  const body = (await answer.json()) as { code: string; detail: string };
  assert.deepEqual([answer.status, body.code], [status, code], body.detail);
}

test('a body that stalls is refused in the time of every body, on every address of a browser', async () => {
  const stall = async (path: string) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\norigin: ${polity.url}\r\ncookie: ${cookie}\r\n`;
    const piece = `${head}content-type: application/json\r\ncontent-length: 50\r\n\r\n{"a`;
    const { text, isClosed } = await sendRaw(polity.port, [piece], { quietMs: 15_000 });
    assert.match(text, /^HTTP\/1\.1 408 /, path);
    assert.ok(isClosed, `${path} keeps the connection`);
  };
  await Promise.all([question, key, playground, '/api/session', '/api/console/decide'].map(stall));
});

test('a body is read as one: no key comes twice, no byte is guessed, no coding is overlooked', async () => {
  const sound = '"mode":"quoted","language":"et"';
  const twin = `{"question":"a","question":"b",${sound}}`;
  await expectRefusal(await send(question, twin), 400, 'invalid-request');
  const broken = Buffer.concat([Buffer.from('{"question":"'), Buffer.from([0xff]), Buffer.from(`",${sound}}`)]);
  await expectRefusal(await send(question, broken), 400, 'malformed-json');
  const packed = await send(question, `{"question":"a",${sound}}`, { 'content-encoding': 'gzip' });
  await expectRefusal(packed, 415, 'unsupported-media-type');
});

test('a body that is nested too deep is refused and gets an answer, whatever reads it', async () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const asked = `{"tenant":"agency","purpose":"drafting","request":{"messages":${deep(120_000)}}}`;
  await expectRefusal(await send(playground, asked), 400, 'malformed-json');
  await expectRefusal(await send(question, `{"question":${deep(30_000)}}`), 400, 'malformed-json');
});

test('a body above the bound of its address is told that bound', async () => {
  const told = async (path: string, bytes: number) =>
    ((await (await send(path, `{"a":"${'x'.repeat(bytes)}"}`)).json()) as { detail: string }).detail;
  assert.match(await told(question, 70_000), /larger than 64000 bytes/);
  assert.match(await told(playground, 300_000), /larger than 256000 bytes/);
});

test('a fault outside the path of inference leaves a line with its request id and its cause', async () => {
  const answer = await whileAway('vault_file', () => ask('/v1/files'));
  await expectRefusal(answer, 500, 'internal');
  await expectLine(answer, '/v1/files', /vault_file/);
});

test('so does a download that a fault breaks off, and it never looks whole', async () => {
  const form = new FormData();
  form.set('purpose', 'user_data');
  form.set('file', new Blob([new Uint8Array(60_000_000)]), 'large');
  const { id } = (await (await ask('/v1/files', { method: 'POST', body: form })).json()) as { id: string };
  const answer = await ask(`/v1/files/${id}/content`);
  await whileAway('vault_file_part', () => assert.rejects(answer.arrayBuffer()));
  await expectLine(answer, '/v1/files/:id/content', /vault_file_part/);
});

function ask(path: string, more: RequestInit = {}): Promise<Response> {
  return fetch(polity.url + path, { ...more, headers: { authorization: `Bearer ${polity.apiKey}` } });
}

async function whileAway<T>(table: string, act: () => Promise<T>): Promise<T> {
  const database = new pg.Client({ connectionString: databaseOf(polity.data) });
  await database.connect();
  await database.query(`ALTER TABLE ${table} RENAME TO ${table}_away`);
  try {
    return await act();
  } finally {
    await database.query(`ALTER TABLE ${table}_away RENAME TO ${table}`);
    await database.end();
  }
}

async function expectLine(answer: Response, route: string, cause: RegExp): Promise<void> {
  const id = answer.headers.get('x-request-id') ?? '';
  for (let tries = 0; tries < 30 && !polity.errors().includes(id); tries++) await delay(100);
  const line = polity
    .errors()
    .split('\n')
    .find((one) => one.includes(id));
  assert.ok(line, 'no line has the request id');
  const { endpoint, status, problem, reason } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual([endpoint, status, problem], [route, 500, 'internal']);
  assert.match(String(reason), cause);
}
