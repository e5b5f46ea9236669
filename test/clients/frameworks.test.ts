/** LangChain.js and the Vercel AI SDK, unchanged: what startups write their first programme with. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatAnthropic } from '@langchain/anthropic';
import type { UsageMetadata } from '@langchain/core/messages';
import { tool as langTool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embed, generateText, type ModelMessage, Output, stepCountIs, streamText, tool } from 'ai';
import pg from 'pg';
import { z } from 'zod';
import { systemClock, wrappingKey } from '../../src/kit/index.ts';
import { openVaultStore } from '../../src/store/index.ts';
import { ResponseDesk, TenantKeys } from '../../src/vault/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { type OpenPath, openPath } from '../open-path.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let path: OpenPath;
let database: TestDatabase;
let pool: pg.Pool;
let baseURL: string;
const model = 'smollm2-135m-instruct';
const City = z.object({ city: z.string(), people: z.number() });

before(async () => {
  upstream = await startTalking();
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const store = openVaultStore(pool);
  const keys = new TenantKeys({ store, kek: wrappingKey(randomBytes(32)), clock: systemClock });
  path = await openPath([upstream.url], { responses: new ResponseDesk({ store, keys, clock: systemClock }) });
  baseURL = `${path.url}/v1`;
});
after(async () => {
  await path.close();
  await upstream.close();
  await pool.end();
  await database.drop();
});

test('LangChain: invoke, stream, tools, structured output, embeddings', async () => {
  const chat = new ChatOpenAI({ model, apiKey: 'right', configuration: { baseURL }, maxRetries: 0 });
  assert.equal((await chat.invoke('Tere')).content, 'Tere, maailm!');
  let text = '';
  for await (const chunk of await chat.stream('Tere')) text += chunk.content;
  assert.equal(text, 'Tere, maailm!');
  const weather = langTool(async () => 'rain', {
    name: 'weather',
    description: 'of a city',
    schema: z.object({ city: z.string() }),
  });
  const called = await chat.bindTools([weather]).invoke('Weather?');
  assert.deepEqual(
    called.tool_calls?.map(({ args }) => args),
    [{ city: 'Tallinn' }, { city: 'Tallinn' }],
  );
  assert.deepEqual(await chat.withStructuredOutput(City, { method: 'jsonSchema' }).invoke('Which city?'), {
    city: 'Tallinn',
    people: 461602,
  });
  const vectors = new OpenAIEmbeddings({ model, apiKey: 'right', configuration: { baseURL } });
  assert.deepEqual(await vectors.embedQuery('a'), [0.5, -0.25, 1]);
});

test('LangChain over Responses and over Messages', async () => {
  const responses = new ChatOpenAI({
    model,
    apiKey: 'right',
    configuration: { baseURL },
    useResponsesApi: true,
    maxRetries: 0,
  });
  assert.equal((await responses.invoke('Tere')).text, 'Tere, maailm!');
  const messages = new ChatAnthropic({
    model,
    apiKey: 'right',
    anthropicApiUrl: path.url,
    maxTokens: 50,
    maxRetries: 0,
  });
  assert.equal((await messages.invoke('Tere')).text, 'Tere, maailm!');
  let text = '';
  let inputTokens = 0;
  for await (const chunk of await messages.stream('Tere')) {
    text += chunk.text;
    inputTokens += (chunk.usage_metadata as UsageMetadata | undefined)?.input_tokens ?? 0;
  }
  assert.equal(text, 'Tere, maailm!');
  assert.ok(inputTokens > 0, 'a stream counts its input too');
});

test('AI SDK over Responses, chat completions and Messages: text, stream, tools in steps, structured output, embeddings', async () => {
  const openai = createOpenAI({ baseURL, apiKey: 'right' });
  const anthropic = createAnthropic({ baseURL, apiKey: 'right' });
  const weather = tool({
    description: 'of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async () => 'rain',
  });
  for (const one of [openai.responses(model), openai.chat(model), anthropic(model)]) {
    const common = { model: one, prompt: 'Tere', maxRetries: 0 } as const;
    assert.equal((await generateText(common)).text, 'Tere, maailm!', one.provider);
    assert.equal(await streamText(common).text, 'Tere, maailm!', one.provider);
    const steps = await generateText({ ...common, tools: { weather }, stopWhen: stepCountIs(3) });
    assert.deepEqual([steps.text, steps.steps.length], ['Tere, maailm!', 2], one.provider);
    const streamed = streamText({ ...common, tools: { weather }, stopWhen: stepCountIs(3) });
    assert.equal(await streamed.text, 'Tere, maailm!', one.provider);
  }
  const { output } = await generateText({
    model: openai.responses(model),
    prompt: 'x',
    output: Output.object({ schema: City }),
  });
  assert.deepEqual(output, { city: 'Tallinn', people: 461602 });
  assert.deepEqual((await embed({ model: openai.embedding(model), value: 'a' })).embedding, [0.5, -0.25, 1]);
});

const messagesSent = () => upstream.heard.at(-1)?.body?.messages as { role: string; content: unknown }[];

test('AI SDK over Responses: later turns name what was said by its id, and get it from what is kept here', async () => {
  const openai = createOpenAI({ baseURL, apiKey: 'right' });
  const common = { model: openai.responses(model), maxRetries: 0 } as const;
  const messages: ModelMessage[] = [];
  for (const content of ['Tere', 'And now?', 'And then?']) {
    messages.push({ role: 'user', content });
    const { text, response } = await generateText({ ...common, messages });
    assert.equal(text, 'Tere, maailm!');
    messages.push(...response.messages);
  }
  const said = ['Tere', 'Tere, maailm!', 'And now?', 'Tere, maailm!', 'And then?'];
  assert.deepEqual(
    messagesSent().map(({ content }) => content),
    said,
  );
});

test('AI SDK over Responses: a loop of tools goes on when there was text before the call', async () => {
  const call = { id: 'call_0', type: 'function', function: { name: 'weather', arguments: '{"city":"Tallinn"}' } };
  const first = { message: { role: 'assistant', content: 'I look.', tool_calls: [call] }, finish_reason: 'tool_calls' };
  const last = { message: { role: 'assistant', content: 'Rain.' }, finish_reason: 'stop' };
  upstream.mood = ({ body }, response) => {
    const messages = (body?.messages ?? []) as { role: string }[];
    const isAnswered = messages.some(({ role }) => role === 'tool');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ index: 0, ...(isAnswered ? last : first) }] }));
  };
  try {
    const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'rain' });
    const openai = createOpenAI({ baseURL, apiKey: 'right' });
    const common = { model: openai.responses(model), prompt: 'Weather?', maxRetries: 0 } as const;
    const { text, steps } = await generateText({ ...common, tools: { weather }, stopWhen: stepCountIs(3) });
    assert.deepEqual([text, steps.length], ['Rain.', 2]);
    assert.deepEqual(messagesSent(), [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: 'I look.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_0', content: 'rain' },
    ]);
  } finally {
    upstream.mood = null;
  }
});

test('AI SDK over Responses, for a purpose that keeps nothing: told what to do, and served when it is done', async () => {
  const headers = { 'x-polity-purpose': 'public-information', 'x-polity-classification': 'public' };
  const openai = createOpenAI({ baseURL, apiKey: 'right', headers });
  const common = { model: openai.responses(model), maxRetries: 0 } as const;
  const first = await generateText({ ...common, prompt: 'Tere' });
  const messages: ModelMessage[] = [
    { role: 'user', content: 'Tere' },
    ...first.response.messages,
    { role: 'user', content: 'And now?' },
  ];
  await assert.rejects(generateText({ ...common, messages }), /`input\[1\]` names an item .*`store: false`/);
  const told = await generateText({ ...common, messages, providerOptions: { openai: { store: false } } });
  assert.equal(told.text, 'Tere, maailm!');
  assert.equal(messagesSent().length, 3);
});
