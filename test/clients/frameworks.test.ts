/** LangChain.js and the Vercel AI SDK, unchanged: what startups write their first programme with. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatAnthropic } from '@langchain/anthropic';
import type { UsageMetadata } from '@langchain/core/messages';
import { tool as langTool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embed, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { type OpenPath, openPath } from '../open-path.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let path: OpenPath;
let baseURL: string;
const model = 'smollm2-135m-instruct';
const City = z.object({ city: z.string(), people: z.number() });

before(async () => {
  upstream = await startTalking();
  path = await openPath([upstream.url]);
  baseURL = `${path.url}/v1`;
});
after(async () => {
  await path.close();
  await upstream.close();
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
