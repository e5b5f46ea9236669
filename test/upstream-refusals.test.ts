/** What an upstream says by its status and its headers: what the caller can mend reaches it, and nobody insists. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type OpenPath, openPath } from './open-path.ts';
import { startTalking, type TalkingUpstream } from './talking-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function pair(more: object = {}): Promise<{ path: OpenPath; upstream: TalkingUpstream }> {
  const upstream = await startTalking();
  open.push(upstream);
  const path = await openPath([{ url: upstream.url, ...more }]);
  open.push(path);
  return { path, upstream };
}

function ask(path: OpenPath): Promise<Response> {
  return fetch(`${path.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Tere' }] }),
  });
}

function askMessages(path: OpenPath): Promise<Response> {
  return fetch(`${path.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', max_tokens: 9, messages: [{ role: 'user', content: 'Tere' }] }),
  });
}

test('a provider that is busy passes with a wait no shorter than its own, however it is written', async () => {
  const waits: [Record<string, string | string[]>, number][] = [
    [{ 'retry-after': '17' }, 17],
    [{ 'retry-after': '60', 'retry-after-ms': '100' }, 60],
    [{ 'retry-after': '17.5' }, 18],
    [{ 'retry-after': ['120', '5'] }, 120],
    [{ 'retry-after': '+30' }, 30],
    [{ 'retry-after': '30;x' }, 30],
    [{ 'retry-after': '100000000' }, 86_400],
  ];
  for (const status of [429, 503]) {
    const { path, upstream } = await pair();
    for (const [headers, seconds] of waits) {
      path.forget();
      upstream.heard.length = 0;
      upstream.mood = (_heard, response) => response.writeHead(status, headers).end('{}');
      const response = await ask(path);
      const told = Number(response.headers.get('retry-after'));
      assert.deepEqual([response.status, told], [status, seconds], JSON.stringify(headers));
      assert.equal(upstream.heard.length, 1, 'nobody insists while the provider wants to be left alone');
    }
  }
});

test('a request that the model finds too large or cannot carry out keeps its status and its code', async () => {
  const [large, unfit] = [
    { status: 413, ours: 'body-too-large' },
    { status: 422, ours: 'refused-by-model' },
  ];
  const refusals = [
    { ...large, said: { error: { code: 'request_too_large', message: 'secret' } }, code: 'request_too_large' },
    { ...large, said: {}, code: 'body_too_large' },
    { ...unfit, said: { error: { code: 'bad_thing', param: 'messages', message: 'secret' } }, code: 'bad_thing' },
    { ...unfit, said: { detail: [{ loc: ['body'], msg: 'secret' }] }, code: 'refused_by_model' },
  ];
  for (const { status, ours, said, code } of refusals) {
    const { path, upstream } = await pair();
    upstream.mood = (_heard, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    const response = await ask(path);
    const text = await response.text();
    const body = JSON.parse(text);
    assert.deepEqual([response.status, body.code, body.error.code], [status, ours, code]);
    assert.equal(upstream.heard.length, 1);
    assert.doesNotMatch(text, /secret/);
    assert.equal(path.recorder.statements().at(-1)?.predicate.ended, 'failed');
  }
});

test('an answer that says it has no coding is one, in whatever letters', async () => {
  const { path, upstream } = await pair();
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }];
  for (const coding of ['Identity', '']) {
    upstream.mood = (_heard, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding })
        .end(JSON.stringify({ choices }));
    assert.equal((await ask(path)).status, 200, coding);
  }
});

test('a refusal of the content keeps its code, is asked of nobody else, and a finished refusal passes as it is', async () => {
  for (const code of ['content_filter', 'content_policy_violation', 'context_length_exceeded']) {
    const { path, upstream } = await pair();
    upstream.mood = (_heard, response) => {
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { code, message: 'secret' } }));
    };
    const response = await ask(path);
    const body = (await response.json()) as { error: { code: string } };
    assert.deepEqual([response.status, body.error.code, upstream.heard.length], [400, code, 1]);
  }
});

test('a prompt too long for the model is the refusal that agents know by code and words, however the server says it', async () => {
  const { path, upstream } = await pair();
  const length = { object: 'error', type: 'BadRequestError', param: 'input_tokens', code: 400 };
  const vllm = "This model's maximum context length is 4096 tokens. However, you requested 5000 output tokens. secret";
  const said: readonly (readonly [status: number, body: object])[] = [
    [400, { error: { ...length, message: vllm } }],
    [400, { ...length, message: vllm }],
    [
      400,
      { error: { message: "You passed 5001 input tokens. However, the model's context length is only 4096 tokens" } },
    ],
    [400, { error: { message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.' } }],
    [400, { error: { message: "The input (5000 tokens) is longer than the model's context length (4096 tokens)." } }],
    [400, { error: { code: 400, message: 'request (5000 tokens) exceeds the available context size (4096 tokens)' } }],
    [422, { error: '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000', error_type: 'validation' }],
    [
      400,
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000' },
      },
    ],
    [400, { error: { message: 'input length and `max_tokens` exceed context limit: 199000 + 21000 > 200000' } }],
  ];
  for (const [status, body] of said) {
    upstream.mood = (_heard, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const answers = await Promise.all([ask(path), askMessages(path)]);
    const [openai, anthropic] = await Promise.all(answers.map(async (answer) => JSON.parse(await answer.text())));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [400, 400],
      JSON.stringify(body),
    );
    assert.equal(openai.error.code, 'context_length_exceeded', JSON.stringify(body));
    assert.equal(anthropic.error.type, 'invalid_request_error');
    for (const { error } of [openai, anthropic]) {
      assert.match(error.message, /prompt is too long/);
      assert.match(error.message, /this model's maximum context length is/);
      assert.doesNotMatch(error.message, /secret|4096|input_tokens/);
    }
  }
});

test('what a server only repeats of the prompt does not make a refusal one of length', async () => {
  const { path, upstream } = await pair();
  const message = `1 validation error: ${'x'.repeat(300)} prompt is too long`;
  upstream.mood = (_heard, response) =>
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
  const { code } = (await (await ask(path)).json()) as { code: string };
  assert.equal(code, 'invalid-request');
});

test('where Anthropic finds fault with a request put in its own words, the client is told the place and no more', async () => {
  const { path, upstream } = await pair({ dialect: 'anthropic' });
  const places: readonly (readonly [said: string, place: string | null])[] = [
    ['messages.2: `tool_use` ids were found without `tool_result` blocks: secret', 'messages.2'],
    ['messages.0.content.1.image.source.base64.data: secret', 'messages.0.content.1.image.source.base64.data'],
    ['max_tokens: 100000 > 64000, the most for secret', 'max_tokens'],
    ['tools.0.custom.input_schema: JSON schema is invalid', 'tools.0.custom.input_schema'],
    ['host.secret.example: refused', null],
    ['Your account secret is disabled', null],
  ];
  for (const [message, place] of places) {
    upstream.mood = (_heard, response) =>
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }));
    const answer = await askMessages(path);
    const { error } = (await answer.json()) as { error: { type: string; message: string } };
    const words = 'the model refused the request (invalid_request_error)';
    assert.deepEqual([answer.status, error.type], [400, 'invalid_request_error']);
    assert.equal(error.message, place === null ? words : `${words}: check \`${place}\``);
  }
});
