import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'undici';
import { findStarterModel } from '../../../test/starter-model.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { serveModel } from './serve-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-serve-'));
const socketPath = join(folder, 's');
const state = { state: 'loading', detail: 'it loads; try again in a few seconds' } as const;
let engine: Engine;
let loaded: Engine | null = null;
let server: Server;
let client: Client;
before(async () => {
  const path = await findStarterModel();
  engine = await openEngine({ path, contextTokens: 256, sequences: 2, threads: availableParallelism() });
  server = await serveModel(socketPath, { id: 'starter', engine: () => loaded, state: () => state });
  client = new Client('http://model', { connect: { socketPath } });
});
after(async () => {
  await client.destroy();
  server.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function post(body: object | string | Buffer) {
  const sent = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await client.request({ method: 'POST', path: '/v1/chat/completions', body: sent });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text };
}

const question = {
  messages: [{ role: 'user', content: 'How many days are in a week?' }],
  temperature: 0,
  max_tokens: 6,
};

test('until the model is loaded it answers 503 with the state and when to come again; then it answers', async () => {
  const early = await post(question);
  assert.deepEqual([early.status, early.headers['retry-after']], [503, '5']);
  assert.deepEqual(JSON.parse(early.text).error, {
    message: state.detail,
    type: 'server_error',
    param: null,
    code: 'model-unavailable',
  });
  loaded = engine;
  assert.equal((await post(question)).status, 200);
});

test('only its owner can reach the socket', () => {
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
});

test('a stream is the same answer in pieces, ends with its reason, then usage when asked for, then `[DONE]`', async () => {
  loaded = engine;
  const whole = JSON.parse((await post(question)).text);
  const { text, headers } = await post({ ...question, stream: true, stream_options: { include_usage: true } });
  assert.equal(headers['content-type'], 'text/event-stream');
  const frames = text.split('\n\n').filter((frame) => frame !== '');
  assert.equal(frames.pop(), 'data: [DONE]');
  const chunks = frames.map((frame) => JSON.parse(frame.slice('data: '.length)));
  const last = chunks.pop();
  assert.deepEqual([last.choices, last.usage], [[], whole.usage]);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  const said = chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join('');
  assert.equal(said, whole.choices[0].message.content);
  const reasons = chunks.map((chunk) => chunk.choices[0].finish_reason);
  assert.deepEqual([reasons.filter((reason) => reason !== null), reasons.at(-1)], [['length'], 'length']);
  assert.equal(whole.choices[0].finish_reason, 'length');
  assert.equal(whole.usage.completion_tokens, 6);
});

test('whoever leaves in the middle of a stream frees the place within a second', { timeout: 30_000 }, async () => {
  loaded = engine;
  const body = JSON.stringify({
    ...question,
    messages: [{ role: 'user', content: 'Tell me a long story.' }],
    max_tokens: 200,
    stream: true,
  });
  const other = new Client('http://model', { connect: { socketPath } });
  const answer = await other.request({ method: 'POST', path: '/v1/chat/completions', body });
  for await (const _piece of answer.body) break;
  const leftMs = performance.now();
  await other.destroy();
  while (engine.load().running > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(performance.now() - leftMs < 1_000, `${performance.now() - leftMs} ms`);
});

const refusals: readonly (readonly [title: string, body: object | string | Buffer, status: number, code: string])[] = [
  ['what is no JSON', '{"messages":', 400, 'malformed_json'],
  ['what is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'malformed_json'],
  ['tools', { ...question, tools: [{ type: 'function' }] }, 400, 'unsupported_parameter'],
  ['a wrong value', { ...question, max_tokens: -1 }, 400, 'invalid_value'],
  [
    'a conversation that is too long',
    { messages: [{ role: 'user', content: 'word '.repeat(300) }] },
    400,
    'context_length_exceeded',
  ],
];
for (const [title, body, status, code] of refusals) {
  test(`${title} is refused with ${status} \`${code}\` in OpenAI's shape`, async () => {
    loaded = engine;
    const answer = await post(body);
    const { error } = JSON.parse(answer.text);
    assert.deepEqual([answer.status, error.code, error.type], [status, code, 'invalid_request_error']);
  });
}

test('other addresses are 404, and the state can be read', async () => {
  const wrong = await client.request({ method: 'GET', path: '/v1/chat/completions' });
  assert.equal(wrong.statusCode, 404);
  await wrong.body.dump();
  const health = await client.request({ method: 'GET', path: '/healthz' });
  assert.equal(((await health.body.json()) as { detail: string }).detail, state.detail);
});
