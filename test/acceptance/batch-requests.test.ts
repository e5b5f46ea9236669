/** Orders of batches and lines in their files are read as the path reads a request: no twin, no depth, no other coding. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import { charterVariant, servedImpatiently } from '../charter-variant.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let polity: RunningPolity;
let client: OpenAI;
let charter: string;
const URL_PATH = '/v1/chat/completions';

before(async () => {
  upstream = await startTalking();
  charter = await charterVariant(servedImpatiently(upstream.url));
  polity = await startPolity({ charter });
  client = new OpenAI({ baseURL: `${polity.url}/v1`, apiKey: polity.apiKey, maxRetries: 0 });
});
after(async () => {
  await polity?.stop();
  await rm(polity?.data ?? '', { recursive: true, force: true });
  await upstream?.close();
});

const messages = '[{"role":"user","content":"x"}]';
const lineOf = (id: string, body: string) => `{"custom_id":"${id}","method":"POST","url":"${URL_PATH}","body":${body}}`;

async function upload(text: string | Buffer): Promise<string> {
  return (await client.files.create({ file: await toFile(Buffer.from(text), 'b.jsonl'), purpose: 'batch' })).id;
}

async function run(text: string | Buffer): Promise<OpenAI.Batch> {
  const { id } = await client.batches.create({
    input_file_id: await upload(text),
    endpoint: URL_PATH,
    completion_window: '24h',
  });
  for (let tries = 0; tries < 200; tries++) {
    const batch = await client.batches.retrieve(id);
    if (!['validating', 'in_progress', 'finalizing', 'cancelling'].includes(batch.status)) return batch;
    await delay(100);
  }
  throw new Error('the batch does not end');
}

interface Result {
  readonly custom_id: string;
  readonly response: {
    status_code: number;
    receipt_id?: string;
    dropped?: string;
    body: { error: { param: string | null; message: string } };
  };
}

async function resultsOf(file: string | null | undefined): Promise<Result[]> {
  const text = await (await client.files.content(file ?? '')).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
}

async function order(body: string | Buffer, more: Record<string, string> = {}) {
  const response = await fetch(`${polity.url}/v1/batches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${polity.apiKey}`, 'content-type': 'application/json', ...more },
    body: new Uint8Array(Buffer.from(body)),
  });
  const said = (await response.json()) as { code?: string; error?: { param: string | null }; id?: string };
  return { status: response.status, said, dropped: response.headers.get('x-polity-dropped') };
}

test('an order that can be read in two ways, or in none, is refused by name', async () => {
  const file = await upload(lineOf('a', `{"model":"auto","messages":${messages}}`));
  const sound = `"input_file_id":"${file}","endpoint":"${URL_PATH}","completion_window":"24h"`;
  const tries: [string | Buffer, number, string, string | null, Record<string, string>?][] = [
    [`{${sound},"endpoint":"/v1/embeddings"}`, 400, 'invalid-request', 'endpoint'],
    [`{"Input_file_id":"file_x",${sound}}`, 400, 'invalid-request', 'Input_file_id'],
    [`{${sound},"metadata":{"a":"1","a":"2"}}`, 400, 'invalid-request', 'a'],
    [`\ufeff{${sound}}`, 400, 'malformed-json', null],
    [
      Buffer.concat([Buffer.from(`{${sound},"metadata":{"a":"`), Buffer.from([0xff]), Buffer.from('"}}')]),
      400,
      'malformed-json',
      null,
    ],
    [`{${sound},"zzz":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'malformed-json', null],
    [`{${sound}}`, 415, 'unsupported-media-type', null, { 'content-encoding': 'gzip' }],
    [`{${sound}}`, 415, 'unsupported-media-type', null, { 'content-type': 'text/plain' }],
    [`{${sound.replace(file, '\\u0000')}}`, 404, 'not-found', 'file_id'],
    [`{${sound.replace('24h', '1h')}}`, 400, 'invalid-request', 'completion_window'],
    ['[]', 400, 'invalid-request', null],
    ['', 400, 'malformed-json', null],
  ];
  for (const [body, status, code, param, more] of tries) {
    const { status: found, said } = await order(body, more);
    assert.deepEqual([found, said.code, said.error?.param], [status, code, param], String(body).slice(0, 200));
  }
});

test('a field that no client library knows is named to who sent it', async () => {
  const file = await upload(lineOf('a', `{"model":"auto","messages":${messages}}`));
  const { status, dropped } = await order(
    `{"input_file_id":"${file}","endpoint":"${URL_PATH}","completion_window":"24h","zzz":1,"ä\\r\\n":2,"__proto__":{}}`,
  );
  assert.deepEqual([status, dropped], [200, 'zzz, ???, __proto__']);
});

test('an order that stalls is answered with 408 when its time is over', async () => {
  for (const [length, start] of [
    ['content-length: 500', '{"a":'],
    ['transfer-encoding: chunked', '5\r\n{"a":\r\n'],
  ] as const) {
    const socket = connect(polity.port, '127.0.0.1');
    socket.write(
      `POST /v1/batches HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${polity.apiKey}\r\ncontent-type: application/json\r\n${length}\r\n\r\n${start}`,
    );
    const answer = await new Promise<string>((resolve) => {
      socket.setTimeout(10_000, () => resolve('nothing'));
      socket.setEncoding('utf8').once('data', resolve);
    });
    socket.destroy();
    assert.match(answer, /^HTTP\/1\.1 408 /, length);
  }
});

test('who still sends 20 MB reads the answer each time: no reset eats it', async () => {
  const body = Buffer.alloc(20_000_000, ' ');
  for (let round = 0; round < 30; round++) {
    const { status, said } = await order(body);
    assert.deepEqual([status, said.code], [413, 'body-too-large']);
  }
});

test('ids that no row can have are not found', async () => {
  const headers = { authorization: `Bearer ${polity.apiKey}` };
  for (const path of ['/files/%00', '/files/%00/content', '/batches/%00', '/responses/%00']) {
    assert.equal((await fetch(`${polity.url}/v1${path}`, { headers })).status, 404, path);
  }
  for (const path of ['/files/%00', '/responses/%00']) {
    assert.equal((await fetch(`${polity.url}/v1${path}`, { method: 'DELETE', headers })).status, 404, path);
  }
  assert.equal((await fetch(`${polity.url}/v1/batches/%00/cancel`, { method: 'POST', headers })).status, 404);
  for (const path of ['/files?after=%00', '/batches?after=%00', '/files?purpose=%00', '/files?purpose=a&purpose=b']) {
    assert.equal((await fetch(`${polity.url}/v1${path}`, { headers })).status, 400, path);
  }
});

test('a line that can be read in two ways fails by name, alone, and is never sent', async () => {
  const sound = `{"model":"auto","messages":${messages}}`;
  const before = upstream.heard.length;
  const batch = await run(
    [
      lineOf('a', `{"model":"hal","model":"auto","messages":${messages}}`),
      lineOf('b', `{"Model":"hal","model":"auto","messages":${messages}}`),
      `{"custom_id":"c","method":"POST","url":"/v1/embeddings","url":"${URL_PATH}","body":${sound}}`,
      `{"custom_id":"d","method":"POST","url":"${URL_PATH}","body":{"x":1},"body":${sound}}`,
      lineOf('e', `{"model":"auto","messages":[{"role":"user","content":"x","content":"y"}]}`),
      lineOf('f', sound),
    ].join('\n'),
  );
  assert.deepEqual(batch.request_counts, { total: 6, completed: 1, failed: 5 }, JSON.stringify(batch));
  assert.deepEqual(
    (await resultsOf(batch.error_file_id)).map(({ custom_id: id, response }) => [
      id,
      response.status_code,
      response.body.error.param,
    ]),
    [
      ['a', 400, 'model'],
      ['b', 400, 'Model'],
      ['c', 400, 'url'],
      ['d', 400, 'body'],
      ['e', 400, 'content'],
    ],
  );
  assert.equal(upstream.heard.length, before + 1);
});

test('a line that is nested too deep fails alone', async () => {
  const deep = (depth: number) =>
    `{"model":"auto","messages":${messages},"zz":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const batch = await run(
    [
      lineOf('a', deep(5_000)),
      lineOf('b', deep(200_000)),
      lineOf('c', deep(64)),
      lineOf('d', `{"model":"auto","messages":${messages}}`),
    ].join('\n'),
  );
  assert.deepEqual(batch.request_counts, { total: 4, completed: 1, failed: 3 }, JSON.stringify(batch));
  const results = await resultsOf(batch.error_file_id);
  assert.deepEqual(
    results.map(({ custom_id: id, response }) => [id, response.status_code]),
    [
      ['a', 400],
      ['b', 400],
      ['c', 400],
    ],
  );
  for (const { response } of results) assert.match(response.body.error.message, /nested deeper/);
});

test('a line in another coding is named as such', async () => {
  const sound = lineOf('a', `{"model":"auto","messages":${messages}}`);
  const batch = await run(Buffer.concat([Buffer.from(`${sound}\n`), Buffer.from(lineOf('\xff', '{}'), 'latin1')]));
  assert.equal(batch.status, 'failed');
  assert.deepEqual(
    batch.errors?.data?.map(({ code, line, message }) => [code, line, message]),
    [['invalid_json_line', 2, 'the line is not UTF-8']],
  );
});

test('a result names its receipt, and the fields that no client library knows and no backend got', async () => {
  const lines = [
    lineOf('a', `{"model":"auto","messages":${messages},"zzz":1}`),
    lineOf('b', `{"model":"auto","messages":${messages}}`),
    lineOf('c', '{"model":"auto","messages":[]}'),
  ];
  const batch = await run(lines.join('\n'));
  const results = await resultsOf(batch.output_file_id);
  const noted = results.map(({ response }) => [response.dropped, /^[0-9a-f]{32}$/.test(response.receipt_id ?? '')]);
  assert.deepEqual(noted, [
    ['zzz', true],
    [undefined, true],
  ]);
  const receipt = await fetch(`${polity.url}/v1/receipts/${results[0]?.response.receipt_id}`);
  assert.equal(receipt.status, 200);
  // Nothing was decided: there is no receipt.
  const [wrong] = await resultsOf(batch.error_file_id);
  assert.deepEqual([wrong?.response.status_code, wrong?.response.receipt_id], [400, undefined]);
});

test('an order that is sent again with its key is one batch; with another order the key is refused', async () => {
  const asked = {
    input_file_id: await upload(lineOf('a', `{"model":"auto","messages":${messages}}`)),
    endpoint: URL_PATH,
    completion_window: '24h',
  } as const;
  const again = { headers: { 'idempotency-key': 'nightly-2026-11-28' } };
  const first = await client.batches.create(asked, again);
  assert.equal((await client.batches.create(asked, again)).id, first.id);
  await assert.rejects(() => client.batches.create({ ...asked, metadata: { night: 'another' } }, again), {
    status: 400,
    param: 'idempotency-key',
  });
  await assert.rejects(() => client.batches.create(asked, { headers: { 'idempotency-key': 'two words' } }), {
    status: 400,
    param: 'idempotency-key',
  });
});

test('a line whose gateway is stopped in its middle, and then finds no backend, is put again: it has failed for nobody', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  // It never answers.
  upstream.mood = () => resolve();
  const file = await upload(lineOf('a', `{"model":"auto","messages":${messages}}`));
  const { id } = await client.batches.create({ input_file_id: file, endpoint: URL_PATH, completion_window: '24h' });
  await asked;
  const { data, port } = polity;
  await polity.stop();
  await upstream.close();
  polity = await startPolity({ charter, data, port });
  await delay(3_000);
  assert.equal((await client.batches.retrieve(id)).request_counts?.failed, 0);
});
