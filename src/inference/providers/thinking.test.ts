import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedBy, sentFor } from '../../../test/call-provider.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import { cohereWire } from '../../../test/provider-wire/cohere.ts';
import { mistralWire } from '../../../test/provider-wire/mistral.ts';
import { vertexWire } from '../../../test/provider-wire/vertex.ts';
import type { ProviderWire } from '../../../test/provider-wire/wire.ts';

const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
const calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }];
const asked = { role: 'user', content: 'How warm is it?' };
const called = { role: 'assistant', content: null, tool_calls: calls };
const result = { role: 'tool', tool_call_id: 'call_1', content: 'minus seven' };
const claude = 'anthropic.claude-sonnet-4-6-20260101-v1:0';

test('after results of tools, Claude is not asked for thoughts that would have to stand signed before the call', async (t) => {
  const endings = [[result], [result, { role: 'user', content: 'Well?' }]];
  for (const wire of [anthropicWire, bedrockWire]) {
    for (const ending of endings) {
      for (const limit of [{ max_tokens: 8_000 }, { max_tokens: undefined }]) {
        const more = { reasoning_effort: 'high', tools, messages: [asked, called, ...ending], ...limit };
        const body = await sentFor(t, wire, { ...more, temperature: 0.5 });
        assert.deepEqual([body.thinking, body.additionalModelRequestFields?.thinking], [undefined, undefined]);
        assert.match(JSON.stringify(body), /minus seven/);
      }
    }
    const answered = [asked, called, result, { role: 'assistant', content: 'Cold' }, asked];
    const body = await sentFor(t, wire, { reasoning_effort: 'high', tools, messages: answered, max_tokens: 8_000 });
    assert.equal((body.thinking ?? body.additionalModelRequestFields.thinking).budget_tokens, 6_000);
  }
});

test('Claude that decides itself how much to think also thinks after results of tools', async (t) => {
  const more = { reasoning_effort: 'high', tools, messages: [asked, called, result] };
  const plain = await sentFor(t, anthropicWire, { ...more, model: 'claude-sonnet-4-6' });
  assert.deepEqual([plain.thinking.type, plain.output_config.effort], ['adaptive', 'high']);
  const bedrock = await sentFor(t, bedrockWire, { ...more, model: claude });
  assert.equal(bedrock.additionalModelRequestFields.thinking.type, 'adaptive');
});

test('the effort `max` is the most that a provider takes', async (t) => {
  const most = { reasoning_effort: 'max', max_tokens: 10_000 };
  const adaptive = await sentFor(t, anthropicWire, { ...most, model: 'claude-sonnet-4-6' });
  assert.equal(adaptive.output_config.effort, 'max');
  assert.equal((await sentFor(t, anthropicWire, most)).thinking.budget_tokens, 9_500);
  const bedrock = await sentFor(t, bedrockWire, { ...most, model: claude });
  assert.equal(bedrock.additionalModelRequestFields.output_config.effort, 'max');
  assert.equal((await sentFor(t, mistralWire, { ...most, model: 'mistral-small-latest' })).reasoning_effort, 'high');
  const { thinkingConfig } = (await sentFor(t, vertexWire, { ...most, model: 'gemini-2.5-flash' })).generationConfig;
  assert.equal(thinkingConfig.thinkingBudget, 9_500);
  assert.equal((await sentFor(t, cohereWire, most)).thinking.token_budget, 9_500);
});

test('vertex and cohere: thinking stays within what the answer may have', async (t) => {
  const cohere = await sentFor(t, cohereWire, { reasoning_effort: 'high', max_tokens: 1_000 });
  assert.deepEqual([cohere.max_tokens, cohere.thinking], [1_000, { type: 'enabled', token_budget: 750 }]);
  const gemini = { model: 'gemini-2.5-flash', reasoning_effort: 'low' };
  const vertex = await sentFor(t, vertexWire, { ...gemini, max_tokens: 4_000 });
  assert.deepEqual(vertex.generationConfig.maxOutputTokens, 4_000);
  assert.equal(vertex.generationConfig.thinkingConfig.thinkingBudget, 1_000);
  assert.equal(await refusedBy(t, vertexWire, { ...gemini, max_tokens: 50 }), 'reasoning_effort');
});

test('an effort that a model does not take, or not so, is refused with its name', async (t) => {
  const cases: readonly [ProviderWire, string, string][] = [
    [bedrockWire, 'meta.llama3-3-70b-instruct-v1:0', 'high'],
    [bedrockWire, 'mistral.mistral-large-2407-v1:0', 'low'],
    [mistralWire, 'mistral-large-latest', 'high'],
    [mistralWire, 'mistral-small-latest', 'low'],
    [vertexWire, 'gemini-2.5-pro', 'none'],
  ];
  for (const [wire, model, reasoning_effort] of cases) {
    const param = await refusedBy(t, wire, { model, reasoning_effort, max_tokens: 30_000 });
    assert.equal(param, 'reasoning_effort', `${model} ${reasoning_effort}`);
  }
  await sentFor(t, bedrockWire, { model: 'meta.llama3-3-70b-instruct-v1:0', reasoning_effort: 'none' });
  await sentFor(t, vertexWire, { model: 'gemini-2.5-flash', reasoning_effort: 'none' });
  await sentFor(t, anthropicWire, { model: 'claude-sonnet-4-6', reasoning_effort: 'minimal' });
});

test('a tool that must be called is never made one that may be', async (t) => {
  const named = { type: 'function', function: { name: 'weather' } };
  for (const tool_choice of ['required', named]) {
    const more = { tools, tool_choice, reasoning_effort: 'high', max_tokens: 8_000 };
    assert.equal(await refusedBy(t, anthropicWire, more), 'tool_choice');
  }
  for (const wire of [anthropicWire, bedrockWire, vertexWire, cohereWire, mistralWire])
    for (const tool_choice of ['auto', 'none', 'required', named]) await sentFor(t, wire, { tools, tool_choice });
});
