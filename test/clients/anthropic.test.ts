/** Anthropic's official client, unchanged: over a backend that speaks Messages, and over one that speaks chat completions. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type OpenPath, openPath } from '../open-path.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
const paths: OpenPath[] = [];
const clients: Record<string, Anthropic> = {};
const model = 'smollm2-135m-instruct';

before(async () => {
  upstream = await startTalking();
  for (const dialect of ['anthropic', 'openai'] as const) {
    const path = await openPath([{ url: upstream.url, dialect }]);
    paths.push(path);
    clients[dialect] = new Anthropic({ baseURL: path.url, apiKey: 'right', maxRetries: 0 });
  }
});
after(async () => {
  for (const path of paths) await path.close();
  await upstream.close();
});

const messages = [{ role: 'user' as const, content: 'Tere' }];
const each = () => Object.entries(clients);
const weather = {
  name: 'weather',
  description: 'of a city',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
};

test('a message is answered whole, with usage that counts the cache apart', async () => {
  for (const [dialect, client] of each()) {
    const message = await client.messages.create({ model, max_tokens: 50, system: 'Be kind.', messages });
    assert.deepEqual(
      message.content.map((block) => block.type === 'text' && block.text),
      ['Tere, maailm!'],
      dialect,
    );
    assert.equal(message.stop_reason, 'end_turn');
    assert.deepEqual([message.usage.output_tokens, message.usage.cache_read_input_tokens], [4, 2]);
  }
});

test('a message is streamed, and the client’s own accumulator understands every event', async () => {
  for (const [dialect, client] of each()) {
    const stream = client.messages.stream({ model, max_tokens: 50, messages });
    let text = '';
    stream.on('text', (piece) => {
      text += piece;
    });
    const message = await stream.finalMessage();
    assert.equal(text, 'Tere, maailm!', dialect);
    assert.deepEqual([message.stop_reason, message.usage.output_tokens], ['end_turn', 4]);
  }
});

test('tools over a backend that speaks chat completions: called in parallel, answered with their results', async () => {
  const client = clients.openai as Anthropic;
  for (const stream of [false, true]) {
    const asked = { model, max_tokens: 50, messages, tools: [weather] };
    const called = stream ? await client.messages.stream(asked).finalMessage() : await client.messages.create(asked);
    const uses = called.content.filter((block) => block.type === 'tool_use');
    assert.deepEqual(
      uses.map(({ name, input }) => [name, input]),
      [
        ['weather', { city: 'Tallinn' }],
        ['weather', { city: 'Tallinn' }],
      ],
    );
    assert.equal(called.stop_reason, 'tool_use');
    const results = uses.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'rain' }));
    const answered = await client.messages.create({
      ...asked,
      messages: [...messages, { role: 'assistant', content: called.content }, { role: 'user', content: results }],
    });
    assert.deepEqual(
      answered.content.map((block) => block.type === 'text' && block.text),
      ['Tere, maailm!'],
    );
    const sent = upstream.heard.at(-1)?.body?.messages as { role: string }[];
    assert.deepEqual(
      sent.map(({ role }) => role),
      ['user', 'assistant', 'tool', 'tool'],
    );
  }
});

test('a call that was demanded is answered as a call, though the upstream says that it simply stopped', async () => {
  const client = clients.openai as Anthropic;
  const call = {
    index: 0,
    id: 'call_0',
    type: 'function',
    function: { name: 'weather', arguments: '{"city":"Tartu"}' },
  };
  const choice = (said: object) => ({ choices: [{ index: 0, ...said, finish_reason: 'stop' }] });
  upstream.mood = ({ body }, response) => {
    const said = { role: 'assistant', content: null, tool_calls: [call] };
    if (body?.stream === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(choice({ delta: said }))}\n\ndata: [DONE]\n\n`);
    } else
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(choice({ message: said })));
  };
  try {
    const asked = {
      model,
      max_tokens: 50,
      messages,
      tools: [weather],
      tool_choice: { type: 'tool', name: 'weather' },
    } as const;
    const whole = await client.messages.create({ ...asked, tools: [weather] });
    const streamed = await client.messages.stream({ ...asked, tools: [weather] }).finalMessage();
    for (const { stop_reason, content } of [whole, streamed]) {
      assert.equal(stop_reason, 'tool_use');
      assert.deepEqual(
        content.map((block) => block.type === 'tool_use' && [block.id, block.name, block.input]),
        [['call_0', 'weather', { city: 'Tartu' }]],
      );
    }
  } finally {
    upstream.mood = null;
  }
});

test('what a chat cannot do is refused by its name before the call, and what it has no word for is named beside the answer', async () => {
  const search = { type: 'web_search_20250305', name: 'web_search' } as const;
  const asked = { model, max_tokens: 50, messages };
  assert.equal((await clients.anthropic?.messages.create({ ...asked, tools: [search] }))?.type, 'message');
  const heard = upstream.heard.length;
  await assert.rejects(clients.openai?.messages.create({ ...asked, tools: [search] }) ?? Promise.resolve(), {
    status: 400,
    message: /`web_search_20250305`, which `tools\[0\]` asks for/,
  });
  assert.equal(upstream.heard.length, heard, 'nobody was asked');
  const thinking = { type: 'thinking' as const, thinking: 'Hm', signature: '' };
  const spoken = { role: 'assistant' as const, content: [thinking, { type: 'text' as const, text: 'Tere' }] };
  for (const [dialect, dropped] of [
    ['anthropic', 'messages.thinking'],
    ['openai', 'top_k, messages.thinking'],
  ] as const) {
    const body = { ...asked, top_k: 5, messages: [...messages, spoken, ...messages] };
    const answer = await clients[dialect]?.messages.create(body).withResponse();
    assert.equal(answer?.response.headers.get('x-polity-dropped'), dropped);
    assert.doesNotMatch(String(upstream.heard.at(-1)?.bytes), /Hm/);
  }
});

test('a budget for thinking fits into what the backend may write, leaves half of it for the answer, and is named', async () => {
  const client = clients.anthropic as Anthropic;
  const ask = async (max_tokens: number, budget_tokens: number) => {
    const thinking = { type: 'enabled' as const, budget_tokens };
    const { response } = await client.messages.create({ model, max_tokens, messages, thinking }).withResponse();
    const { max_tokens: bound, thinking: sent } = upstream.heard.at(-1)?.body ?? {};
    return [bound, sent, response.headers.get('x-polity-dropped')];
  };
  const half = { type: 'enabled', budget_tokens: 2_048 };
  assert.deepEqual(await ask(16_000, 10_000), [4_096, half, 'thinking.budget_tokens']);
  assert.deepEqual(await ask(16_000, 4_000), [4_096, half, 'thinking.budget_tokens']);
  assert.deepEqual(await ask(16_000, 2_000), [4_096, { type: 'enabled', budget_tokens: 2_000 }, null]);
  assert.deepEqual(await ask(4_000, 3_000), [4_000, { type: 'enabled', budget_tokens: 3_000 }, null]);
});

test('a budget for thinking that a backend has no room for is refused by its name, before a byte is sent', async () => {
  const path = await openPath([{ url: upstream.url, dialect: 'anthropic', more: 'maxOutputTokens: 1024' }]);
  try {
    const heard = upstream.heard.length;
    const client = new Anthropic({ baseURL: path.url, apiKey: 'right', maxRetries: 0 });
    const thinking = { type: 'enabled' as const, budget_tokens: 2_000 };
    await assert.rejects(client.messages.create({ model, max_tokens: 4_000, messages, thinking }), {
      status: 400,
      message: /1024.*thinking/,
    });
    assert.equal(upstream.heard.length, heard);
  } finally {
    await path.close();
  }
});

test('betas, which a client asks for by a header that no backend gets, and a key against repeats are named as dropped', async () => {
  for (const [dialect, client] of each()) {
    const asked = {
      model,
      max_tokens: 50,
      messages,
      betas: ['context-1m-2025-08-07'],
      context_management: { edits: [] },
    };
    const { data, response } = await client.beta.messages
      .create(asked, { headers: { 'idempotency-key': 'k' } })
      .withResponse();
    assert.equal(data.stop_reason, 'end_turn');
    assert.equal(
      response.headers.get('x-polity-dropped'),
      'context_management, anthropic-beta, idempotency-key',
      dialect,
    );
    assert.equal(upstream.heard.at(-1)?.headers['anthropic-beta'], undefined);
  }
});

test('tokens are counted by a backend that counts, estimated and marked so by all others', async () => {
  const native = await clients.anthropic?.messages.countTokens({ model, messages }).withResponse();
  assert.deepEqual([native?.data.input_tokens, native?.response.headers.get('x-polity-estimated')], [21, null]);
  const heard = upstream.heard.length;
  const estimated = await clients.openai?.messages.countTokens({ model, messages }).withResponse();
  assert.ok((estimated?.data.input_tokens ?? 0) > 0);
  assert.equal(estimated?.response.headers.get('x-polity-estimated'), 'input_tokens');
  assert.equal(upstream.heard.length, heard, 'nobody was asked');
});

test('counting is not charged: nothing is reserved of tokens or money, and nothing is billed, also where it fails', async () => {
  for (const [at, dialect] of (['anthropic', 'openai', 'anthropic'] as const).entries()) {
    const path = paths[dialect === 'anthropic' ? 0 : 1];
    upstream.mood = at === 2 ? (_, response) => response.destroy() : null;
    await clients[dialect]?.messages.countTokens({ model, messages }).catch(() => {});
    upstream.mood = null;
    const { promptTokens, completionTokens } = path?.recorder.outcomes.at(-1)?.usage ?? {};
    assert.deepEqual([promptTokens, completionTokens], [0, 0], `${dialect} ${at}`);
    const { reserved } = path?.recorder.intents.at(-1) ?? {};
    assert.deepEqual([reserved?.tokens, reserved?.moneyMicros], [0, 0], `${dialect} ${at}`);
  }
});

test('every answer has the request id where the client looks for it', async () => {
  for (const [dialect, client] of each()) {
    const asked = { model, max_tokens: 5, messages };
    const { response, request_id } = await client.messages.create(asked).withResponse();
    const stream = client.messages.stream(asked);
    await stream.finalMessage();
    assert.match(String(request_id), /^[0-9a-f]{32}$/, dialect);
    assert.equal(response.headers.get('x-request-id'), request_id);
    assert.match(String(stream.request_id), /^[0-9a-f]{32}$/);
  }
});

test('a key as Bearer works too, and errors have Anthropic’s pure shape', async () => {
  const url = paths[0]?.url ?? '';
  const bearer = new Anthropic({ baseURL: url, authToken: 'right', apiKey: null, maxRetries: 0 });
  assert.equal((await bearer.messages.create({ model, max_tokens: 5, messages })).type, 'message');
  const wrong = new Anthropic({ baseURL: url, apiKey: 'wrong', maxRetries: 0 });
  await assert.rejects(wrong.messages.create({ model, max_tokens: 5, messages }), Anthropic.AuthenticationError);
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'right', 'content-type': 'application/json' },
    body: '{"model":"nobody","messages":[{"role":"user","content":"x"}],"max_tokens":1}',
  });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('content-type'), 'application/json');
  const body = (await response.json()) as { type: string; error: { type: string }; request_id: string };
  assert.deepEqual(
    [body.type, body.error.type, Object.keys(body).sort()],
    ['error', 'not_found_error', ['error', 'request_id', 'type']],
  );
});
