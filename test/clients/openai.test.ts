/** OpenAI's official client, unchanged, over a loopback upstream: every inference endpoint that it has. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { type OpenPath, openPath } from '../open-path.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let path: OpenPath;
let client: OpenAI;
const model = 'smollm2-135m-instruct';

before(async () => {
  upstream = await startTalking();
  path = await openPath([{ url: upstream.url, more: 'upstreamModel: org/upstream' }]);
  client = new OpenAI({ baseURL: `${path.url}/v1`, apiKey: 'right', maxRetries: 0 });
});
after(async () => {
  await path.close();
  await upstream.close();
});

const ask = [{ role: 'user' as const, content: 'What is the weather?' }];
const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};
const City = z.object({ city: z.string(), people: z.number() });
const last = () => upstream.heard.at(-1);

test('chats: whole, streamed, several choices, with the upstream asked for its own model and for usage', async () => {
  const whole = await client.chat.completions.create({ model, messages: ask, n: 2, seed: 4 });
  assert.deepEqual(
    whole.choices.map(({ message }) => message.content),
    ['Tere, maailm!', 'Tere, maailm!'],
  );
  assert.equal(last()?.body?.model, 'org/upstream');
  const stream = await client.chat.completions.create({
    model,
    messages: ask,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let usage: unknown;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, 'Tere, maailm!');
  assert.equal((usage as { total_tokens: number }).total_tokens, 13);
});

test('tools: the client runs them, in parallel, streamed or not, until the answer is there', async () => {
  const asked: string[] = [];
  const tool = {
    type: 'function' as const,
    function: {
      ...weather.function,
      parse: JSON.parse,
      function: ({ city }: { city: string }) => {
        asked.push(city);
        return 'rain';
      },
    },
  };
  for (const stream of [false, true]) {
    const runner = stream
      ? client.chat.completions.runTools({ model, messages: ask, tools: [tool as never], stream: true })
      : client.chat.completions.runTools({ model, messages: ask, tools: [tool as never] });
    assert.equal(await runner.finalContent(), 'Tere, maailm!');
  }
  assert.deepEqual(asked, ['Tallinn', 'Tallinn', 'Tallinn', 'Tallinn']);
});

test('structured output is parsed by the client', async () => {
  const completion = await client.chat.completions.parse({
    model,
    messages: ask,
    response_format: zodResponseFormat(City, 'city'),
  });
  assert.deepEqual(completion.choices[0]?.message.parsed, { city: 'Tallinn', people: 461602 });
});

test('responses: whole and streamed, tools and structured output, in the words of that API', async () => {
  const whole = await client.responses.create({ model, input: 'Tere', instructions: 'Be kind.', store: false });
  assert.deepEqual([whole.output_text, whole.status, whole.usage?.total_tokens], ['Tere, maailm!', 'completed', 13]);
  assert.deepEqual(last()?.body?.messages, [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Tere' },
  ]);
  const stream = client.responses.stream({ model, input: 'Tere' });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  assert.equal((await stream.finalResponse()).output_text, 'Tere, maailm!');
  assert.deepEqual([types[0], types.at(-1)], ['response.created', 'response.completed']);
  const { parameters, name } = weather.function;
  const called = await client.responses.create({
    model,
    input: 'Weather?',
    tools: [{ type: 'function', name, parameters, strict: false }],
  });
  const calls = called.output.filter((item) => item.type === 'function_call');
  assert.deepEqual(
    calls.map((call) => JSON.parse(call.arguments)),
    [{ city: 'Tallinn' }, { city: 'Tallinn' }],
  );
  const results = calls.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'rain' }));
  const answered = await client.responses.create({
    model,
    input: [{ role: 'user', content: 'Weather?' }, ...calls, ...results],
  });
  assert.equal(answered.output_text, 'Tere, maailm!');
  assert.equal((last()?.body?.messages as unknown[] | undefined)?.length, 4);
  const parsed = await client.responses.parse({ model, input: 'Tere', text: { format: zodTextFormat(City, 'city') } });
  assert.deepEqual(parsed.output_parsed, { city: 'Tallinn', people: 461602 });
});

test('responses: thoughts stream through the client’s own helper, and an answer that was cut says at which item', async () => {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const call = { index: 0, id: 'call_0', function: { name: 'weather', arguments: '{"city":' } };
  upstream.mood = (_heard, response) => {
    const chunks = [chunk({ reasoning: 'Hm' }), chunk({ content: 'Tere' }), chunk({ tool_calls: [call] })];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${chunks.join('')}${chunk({}, 'length')}data: [DONE]\n\n`);
  };
  try {
    const stream = client.responses.stream({ model, input: 'Tere' });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    assert.ok(types.includes('response.reasoning_text.delta'));
    const { status, output } = await stream.finalResponse();
    assert.equal(status, 'incomplete');
    assert.deepEqual(
      output.map((item) => [item.type, 'status' in item ? item.status : undefined]),
      [
        ['reasoning', 'completed'],
        ['message', 'completed'],
        ['function_call', 'incomplete'],
      ],
    );
  } finally {
    upstream.mood = null;
  }
});

test('responses: a stream that breaks off ends in an error that has the next number', async () => {
  const chunk = { choices: [{ index: 0, delta: { content: 'Te' }, finish_reason: null }] };
  upstream.mood = (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  try {
    const response = await fetch(`${path.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
      body: JSON.stringify({ model, input: 'Tere', stream: true }),
    });
    const events = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
    assert.equal(events.at(-1).type, 'error');
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, at) => at),
    );
  } finally {
    upstream.mood = null;
  }
});

test('completions, whole and streamed', async () => {
  assert.equal((await client.completions.create({ model, prompt: 'Tere,' })).choices[0]?.text, ' maailm');
  let text = '';
  for await (const chunk of await client.completions.create({ model, prompt: 'Tere,', stream: true }))
    text += chunk.choices[0]?.text ?? '';
  assert.equal(text, ' maailm');
});

test('embeddings as the client decodes them, moderations, images', async () => {
  const { data, usage } = await client.embeddings.create({ model, input: ['a', 'b'] });
  assert.deepEqual([data.length, data[0]?.embedding, usage.prompt_tokens], [2, [0.5, -0.25, 1], 5]);
  assert.equal((await client.moderations.create({ model, input: 'x' })).results[0]?.flagged, false);
  assert.equal((await client.images.generate({ model, prompt: 'a cat' })).data?.[0]?.b64_json, 'AAAA');
});

test('recordings become text, streamed too, and text becomes speech', async () => {
  const recording = () => toFile(Buffer.from([1, 2, 3, 0, 255, 13, 10]), 'tere.mp3', { type: 'audio/mpeg' });
  const { text } = await client.audio.transcriptions.create({ model, file: await recording(), language: 'et' });
  assert.equal(text, 'Tere');
  assert.match(last()?.bytes.toString('latin1') ?? '', /name="model"\r\n\r\norg\/upstream\r\n/);
  assert.ok(last()?.bytes.includes(Buffer.from([1, 2, 3, 0, 255, 13, 10])));
  const stream = await client.audio.transcriptions.create({ model, file: await recording(), stream: true });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  assert.deepEqual(types, ['transcript.text.delta', 'transcript.text.done']);
  assert.equal(
    await client.audio.transcriptions.create({ model, file: await recording(), response_format: 'vtt' }),
    'WEBVTT\n\nTere',
  );
  assert.equal((await client.audio.translations.create({ model, file: await recording() })).text, 'Tere');
  const speech = await client.audio.speech.create({ model, input: 'Tere', voice: 'alloy' });
  assert.deepEqual(
    [speech.headers.get('content-type'), Buffer.from(await speech.arrayBuffer())],
    ['audio/mpeg', Buffer.from([0xff, 0xf3, 1, 2, 3])],
  );
});

test('a transcript that vLLM streams comes in the events that the client knows, and is recorded as whole', async () => {
  const chunk = (content: string, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ object: 'transcription.chunk', choices: [{ delta: { content }, finish_reason }] })}\n\n`;
  upstream.mood = (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${chunk('Tere, ')}${chunk('maailm')}${chunk('', 'stop')}data: [DONE]\n\n`);
  };
  try {
    const file = await toFile(Buffer.from([1]), 'tere.mp3', { type: 'audio/mpeg' });
    let text = '';
    for await (const event of await client.audio.transcriptions.create({ model, file, stream: true })) {
      if (event.type === 'transcript.text.delta') text += event.delta;
      if (event.type === 'transcript.text.done') assert.equal(event.text, text);
    }
    assert.equal(text, 'Tere, maailm');
    assert.equal(path.recorder.statements().at(-1)?.predicate.ended, 'complete');
  } finally {
    upstream.mood = null;
  }
});

test('rerank in Cohere’s shape', async () => {
  const answer = (await client.post('/rerank', { body: { model, query: 'q', documents: ['a', 'b'] } })) as {
    results: { index: number }[];
  };
  assert.equal(answer.results[0]?.index, 1);
});

test('every answer has a record of its own, and nothing of the upstream’s own headers', async () => {
  const before = path.recorder.outcomes.length;
  const { response } = await client.embeddings.create({ model, input: 'a' }).withResponse();
  assert.ok(response.headers.get('x-receipt-id'));
  assert.deepEqual([response.headers.get('set-cookie'), response.headers.get('server')], [null, null]);
  assert.equal(path.recorder.outcomes.length, before + 1);
  assert.equal(path.recorder.statements().at(-1)?.predicate.endpoint, '/v1/embeddings');
  assert.equal(path.held(), 0);
});

test('a wrong key, an unknown model and a wrong field are the errors that the client has names for', async () => {
  await assert.rejects(
    new OpenAI({ baseURL: `${path.url}/v1`, apiKey: 'wrong', maxRetries: 0 }).embeddings.create({ model, input: 'a' }),
    OpenAI.AuthenticationError,
  );
  await assert.rejects(client.chat.completions.create({ model: 'nobody', messages: ask }), OpenAI.NotFoundError);
  await assert.rejects(
    client.chat.completions.create({ model, messages: [] }),
    (error: InstanceType<typeof OpenAI.BadRequestError>) => error.param === 'messages',
  );
});
