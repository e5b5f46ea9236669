/** Files, batches and kept responses of a running installation, with the official client: theirs alone, sealed, as long as the purpose says. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import pg from 'pg';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { databaseOf } from '../quota-books.ts';
import { runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let polity: RunningPolity;
let client: OpenAI;
let stranger: OpenAI;
const model = 'auto';

before(async () => {
  upstream = await startTalking();
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
  const baseURL = `${polity.url}/v1`;
  client = new OpenAI({ baseURL, apiKey: polity.apiKey, maxRetries: 0 });
  const made = await runCli(
    polity,
    'keys',
    'create',
    '--tenant',
    'ministry',
    '--purpose',
    'drafting',
    '--name',
    'other',
    '--json',
  );
  stranger = new OpenAI({ baseURL, apiKey: (JSON.parse(made.out) as { secret: string }).secret, maxRetries: 0 });
});
after(async () => {
  await polity?.dispose();
  await upstream?.close();
});

const line = (id: string, body: object, url = '/v1/chat/completions') =>
  JSON.stringify({ custom_id: id, method: 'POST', url, body: { model, ...body } });
const messages = [{ role: 'user', content: 'Tere, canary-7391' }];

async function upload(text: string): Promise<string> {
  return (await client.files.create({ file: await toFile(Buffer.from(text), 'päring.jsonl'), purpose: 'batch' })).id;
}

async function ended(id: string): Promise<OpenAI.Batch> {
  for (let tries = 0; tries < 200; tries++) {
    const batch = await client.batches.retrieve(id);
    if (!['validating', 'in_progress', 'finalizing', 'cancelling'].includes(batch.status)) return batch;
    await delay(100);
  }
  throw new Error('the batch does not end');
}

test('a file comes back as it went, is listed, and is gone when it is deleted', async () => {
  const bytes = Buffer.alloc(3_500_000, 'a0b1');
  const file = await client.files.create({ file: await toFile(bytes, 'big.bin'), purpose: 'user_data' });
  assert.deepEqual(
    [file.bytes, file.filename, file.purpose, file.status],
    [bytes.length, 'big.bin', 'user_data', 'processed'],
  );
  assert.ok(Buffer.from(await (await client.files.content(file.id)).arrayBuffer()).equals(bytes));
  const listed: string[] = [];
  for await (const one of client.files.list({ limit: 1 })) listed.push(one.id);
  assert.ok(listed.includes(file.id));
  assert.equal((await client.files.delete(file.id)).deleted, true);
  await assert.rejects(client.files.retrieve(file.id), OpenAI.NotFoundError);
});

test('a batch answers each line on the path, right ones and wrong ones apart', async () => {
  const lines = [line('a', { messages }), line('b', { messages: [] }), line('c', { messages, max_tokens: 5 })];
  const batch = await client.batches.create({
    input_file_id: await upload(`${lines.join('\n')}\n`),
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { of: 'test' },
  });
  assert.equal(batch.status, 'validating');
  const done = await ended(batch.id);
  assert.deepEqual(
    [done.status, done.request_counts, done.metadata],
    ['completed', { total: 3, completed: 2, failed: 1 }, { of: 'test' }],
  );
  const results = (await (await client.files.content(done.output_file_id ?? '')).text())
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  assert.deepEqual(
    results.map(({ custom_id, response }) => [
      custom_id,
      response.status_code,
      response.body.choices[0].message.content,
    ]),
    [
      ['a', 200, 'Tere, maailm!'],
      ['c', 200, 'Tere, maailm!'],
    ],
  );
  const wrong = JSON.parse(await (await client.files.content(done.error_file_id ?? '')).text());
  assert.deepEqual(
    [wrong.custom_id, wrong.response.status_code, wrong.response.body.error.param],
    ['b', 400, 'messages'],
  );
});

test('a file with mistakes fails as a whole, with each of them named', async () => {
  const lines = [
    line('a', { messages }),
    line('a', { messages }),
    '{broken',
    line('d', { messages }, '/v1/embeddings'),
    line('e', { messages, stream: true }),
  ];
  const batch = await client.batches.create({
    input_file_id: await upload(lines.join('\n')),
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const failed = await ended(batch.id);
  assert.equal(failed.status, 'failed');
  assert.deepEqual(
    failed.errors?.data?.map(({ code, line: at }) => [code, at]),
    [
      ['duplicate_custom_id', 2],
      ['invalid_json_line', 3],
      ['invalid_url', 4],
      ['invalid_request', 5],
    ],
  );
});

test('a conversation goes on from what was kept here; the upstream keeps nothing', async () => {
  const first = await client.responses.create({ model, input: 'My name is Mari.' });
  const second = await client.responses.create({ model, input: 'Who am I?', previous_response_id: first.id });
  const sent = upstream.heard.at(-1)?.body as {
    messages: { role: string; content: string }[];
    previous_response_id?: string;
  };
  assert.deepEqual(
    sent.messages.map(({ role, content }) => [role, content]),
    [
      ['user', 'My name is Mari.'],
      ['assistant', 'Tere, maailm!'],
      ['user', 'Who am I?'],
    ],
  );
  assert.equal(sent.previous_response_id, undefined);
  assert.equal((await client.responses.retrieve(second.id)).id, second.id);
  const items = await client.responses.inputItems.list(second.id);
  assert.equal(items.data.length, 1);
  const streamed = await client.responses
    .stream({ model, input: 'And now?', previous_response_id: second.id })
    .finalResponse();
  assert.equal((upstream.heard.at(-1)?.body?.messages as unknown[] | undefined)?.length, 5);
  await client.responses.delete(streamed.id);
  await assert.rejects(client.responses.retrieve(streamed.id), OpenAI.NotFoundError);
});

test('what is not to be kept is not', async () => {
  const response = await client.responses.create({ model, input: 'x', store: false });
  await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError);
  await assert.rejects(
    client.responses.create({ model, input: 'y', previous_response_id: response.id }),
    OpenAI.NotFoundError,
  );
});

test('what another tenant keeps looks like what never was', async () => {
  const file = await upload(line('a', { messages }));
  const response = await client.responses.create({ model, input: 'x' });
  const item = response.output[0]?.id ?? '';
  await client.responses.create({ model, input: [{ type: 'item_reference', id: item }] });
  const batch = await client.batches.create({
    input_file_id: file,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const tries = [
    () => stranger.files.retrieve(file),
    () => stranger.files.content(file),
    () => stranger.files.delete(file),
    () => stranger.batches.retrieve(batch.id),
    () => stranger.batches.cancel(batch.id),
    () => stranger.batches.create({ input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '24h' }),
    () => stranger.responses.retrieve(response.id),
    () => stranger.responses.delete(response.id),
    () => stranger.responses.create({ model, input: 'y', previous_response_id: response.id }),
    () => stranger.responses.create({ model, input: [{ type: 'item_reference', id: item }] }),
  ];
  for (const attempt of tries) await assert.rejects(attempt(), OpenAI.NotFoundError, String(attempt));
  assert.deepEqual((await stranger.files.list()).data, []);
  assert.deepEqual((await stranger.batches.list()).data, []);
  assert.equal((await client.files.retrieve(file)).id, file);
});

test('clients that name JSON and send nothing are served, as OpenAI’s in Python does', async () => {
  const send = async (method: string, path: string) => {
    const headers = { authorization: `Bearer ${polity.apiKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${polity.url}/v1${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const response = await client.responses.create({ model, input: 'Tere' });
  assert.equal((await send('DELETE', `/responses/${response.id}`)).status, 200);
  const file = await upload(line('a', { messages }));
  const batch = await client.batches.create({
    input_file_id: file,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const cancelled = await send('POST', `/batches/${batch.id}/cancel`);
  // It may have ended meanwhile.
  assert.ok(
    cancelled.status === 200 || /ended|completed/.test(JSON.stringify(cancelled.body)),
    JSON.stringify(cancelled),
  );
  await ended(batch.id);
  assert.equal((await send('DELETE', `/files/${file}`)).status, 200);
  // Where a body is needed, nothing is still no body.
  const nothing = await send('POST', '/batches');
  assert.deepEqual([nothing.status, nothing.body.code], [400, 'malformed-json']);
});

test('nothing that was left here lies open in the database', async () => {
  // Lines of a batch are here as long as it runs, and that it does while nobody answers them.
  upstream.mood = () => {};
  const { id } = await client.batches.create({
    input_file_id: await upload(line('a', { messages })),
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  while ((await client.batches.retrieve(id)).request_counts?.total !== 1) await delay(50);
  const pool = new pg.Pool({ connectionString: databaseOf(polity.data) });
  try {
    for (const table of ['vault_file', 'vault_file_part', 'vault_response', 'vault_batch', 'vault_batch_line']) {
      const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} AS t`);
      assert.ok(rows.length > 0, table);
      const all = rows
        .map(({ row }) => row + Buffer.from(row.replace(/.*\\\\x/, ''), 'hex').toString('latin1'))
        .join('');
      for (const word of ['canary-7391', 'Mari', 'päring', Buffer.from('canary-7391').toString('hex')])
        assert.ok(!all.includes(word), `${table}: ${word}`);
    }
  } finally {
    await pool.end();
  }
});
