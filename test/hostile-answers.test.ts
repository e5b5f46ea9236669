/** Whole answers under 200 that are none: each is a failure of the upstream with its record, and its words stay here. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { type OpenPath, openPath } from './open-path.ts';
import { startTalking, type TalkingUpstream } from './talking-upstream.ts';

let upstream: TalkingUpstream;
let path: OpenPath;
let native: OpenPath;
before(async () => {
  upstream = await startTalking();
  path = await openPath([{ url: upstream.url }]);
  native = await openPath([{ url: upstream.url, dialect: 'anthropic' }]);
});
after(async () => {
  for (const one of [path, native, upstream]) await one.close();
});

const messages = [{ role: 'user', content: 'Tere' }];
const bodies = {
  '/v1/chat/completions': { messages },
  '/v1/completions': { prompt: 'Tere' },
  '/v1/responses': { input: 'Tere' },
  '/v1/messages': { messages, max_tokens: 50 },
  '/v1/embeddings': { input: 'Tere' },
  '/v1/rerank': { query: 'x', documents: ['a'] },
  '/v1/moderations': { input: 'x' },
  '/v1/images/generations': { prompt: 'x' },
  '/v1/audio/speech': { input: 'x', voice: 'a' },
} as const;
type Endpoint = keyof typeof bodies;

interface Reply {
  readonly type: string;
  readonly pieces: readonly (string | Uint8Array)[];
}

async function send({ type, pieces }: Reply, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': type });
  for (const piece of pieces) await new Promise((resolve) => response.write(piece, () => setTimeout(resolve, 5)));
  response.end();
}

async function take(url: string, body: FormData | object, reply: Reply) {
  const at = url.startsWith(native.url) ? native : path;
  at.forget();
  upstream.mood = (_heard, response) => void send(reply, response);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: 'Bearer right',
      ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
    body: body instanceof FormData ? body : JSON.stringify({ model: 'auto', ...body }),
  });
  const text = await response.text();
  return { status: response.status, text, outcome: at.recorder.statements().at(-1)?.predicate };
}

const asJson = (answer: unknown): Reply => ({ type: 'application/json', pieces: [JSON.stringify(answer)] });

async function assertNone(endpoint: Endpoint, answers: readonly unknown[], at: OpenPath = path): Promise<void> {
  for (const answer of answers) {
    const { status, text, outcome } = await take(`${at.url}${endpoint}`, bodies[endpoint], asJson(answer));
    const where = `${endpoint} ${JSON.stringify(answer)}: ${text}`;
    assert.equal(status, 502, where);
    assert.deepEqual([outcome?.ended, outcome?.reason], ['failed', 'upstream-failed'], where);
  }
}

const message = { role: 'assistant', content: 'Tere' };
const choice = { index: 0, message, text: 'Tere', finish_reason: 'stop' };
const noChoices = [[], [null], [5], ['x'], [[]], [choice, null]].map((choices) => ({ choices }));
const noReasons = [undefined, null, '', 5].map((finish_reason) => ({ choices: [{ ...choice, finish_reason }] }));
const noMessages = [undefined, null, 5, [], { ...message, tool_calls: [null] }, { ...message, tool_calls: 5 }].map(
  (one) => ({ choices: [{ ...choice, message: one }] }),
);

const noTexts = [undefined, null, 5, ['x']].map((text) => ({ choices: [{ ...choice, text }] }));

for (const endpoint of ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages'] as const) {
  test(`${endpoint}: an answer without choices is none, and one without the reason of its end is cut`, async () => {
    await assertNone(endpoint, [...noChoices, ...noReasons, { choices: [{ ...choice, finish_reason: 'error' }] }]);
    await assertNone(endpoint, endpoint === '/v1/completions' ? noTexts : noMessages);
    const both = { choices: [choice, { ...choice, index: 1, finish_reason: null }] };
    await assertNone(endpoint, [both]);
  });
}

test('a native message without blocks that are some, or without the reason of its end, is none', async () => {
  const whole = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'T' }], stop_reason: 'end_turn' };
  const wrong = [{ content: [null] }, { content: [5] }, { stop_reason: null }, { stop_reason: '' }, { stop_reason: 5 }];
  await assertNone(
    '/v1/messages',
    wrong.map((one) => ({ ...whole, ...one })),
    native,
  );
  const empty = await take(`${native.url}/v1/messages`, bodies['/v1/messages'], asJson({ ...whole, content: [] }));
  assert.equal(empty.status, 200, 'a turn without a word is one');
});

test('lists of vectors, ranks, judgements and pictures have members that are some', async () => {
  await assertNone('/v1/embeddings', [{ data: [] }, { data: [null] }, { data: [5] }]);
  await assertNone('/v1/rerank', [{ results: [null] }, { results: ['x'] }]);
  await assertNone('/v1/moderations', [{ results: [] }, { results: [null] }]);
  await assertNone('/v1/images/generations', [{ data: [null] }, { data: ['x'] }]);
});

function recording(format: string): FormData {
  const form = new FormData();
  form.set('model', 'auto');
  form.set('response_format', format);
  form.set('file', new Blob([new Uint8Array(300)]), 'a.mp3');
  return form;
}

test('a page, an error and nothing but spaces are no transcript', async () => {
  const url = `${path.url}/v1/audio/transcriptions`;
  const none = ['<html>SECRET</html>', '\n<!DOCTYPE html><p>SECRET', '   ', '\n', '{"error":{"message":"SECRET"}}'];
  for (const text of none) {
    const { status, outcome } = await take(url, recording('text'), { type: 'text/plain', pieces: [text] });
    assert.deepEqual([status, outcome?.ended], [502, 'failed'], text);
  }
  for (const text of ['<3 he said', '{sighs}', 'Tere\n']) {
    const { status } = await take(url, recording('text'), { type: 'text/plain', pieces: [text] });
    assert.equal(status, 200, text);
  }
});

test('a transcript without a usage that can be one is billed by our own count, and the record says so', async () => {
  for (const usage of [undefined, { input_tokens: -5, output_tokens: 1 }, { type: 'duration', seconds: 3 }]) {
    const reply = asJson({ text: 'Tere', usage });
    const { status, outcome } = await take(`${path.url}/v1/audio/transcriptions`, recording('json'), reply);
    assert.deepEqual([status, outcome?.usage.source, outcome?.usage.completionTokens], [200, 'counted', 1]);
    assert.ok((outcome?.usage.promptTokens ?? 0) > 0);
  }
});

test('an error that says it is bytes is no sound, in however many pieces it comes', async () => {
  const url = `${path.url}/v1/audio/speech`;
  for (const type of ['application/octet-stream', 'audio/mpeg']) {
    for (const pieces of [
      ['{"error":{"message":"SECRET"}}'],
      ['{', '"error":', '{"message":"SECRET"}}'],
      [' \n{ "detail": "SECRET" }'],
    ]) {
      const { status, text, outcome } = await take(url, bodies['/v1/audio/speech'], { type, pieces });
      assert.deepEqual([status, outcome?.ended], [502, 'failed'], text);
      assert.doesNotMatch(text, /SECRET/);
    }
  }
});

test('sound passes whatever it begins with', async () => {
  for (const pieces of [[Buffer.from('{'), Buffer.from([0, 1, 2])], [Buffer.from('{"\u0001')]]) {
    const reply = { type: 'application/octet-stream', pieces };
    const { status, text } = await take(`${path.url}/v1/audio/speech`, bodies['/v1/audio/speech'], reply);
    assert.deepEqual([status, text], [200, Buffer.concat(pieces).toString()]);
  }
});
