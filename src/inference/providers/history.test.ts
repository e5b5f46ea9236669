import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatBody, refusedBy, sentFor } from '../../../test/call-provider.ts';
import { allWires } from '../../../test/provider-wire/all-wires.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import { cohereWire } from '../../../test/provider-wire/cohere.ts';
import { mistralWire } from '../../../test/provider-wire/mistral.ts';
import { vertexWire } from '../../../test/provider-wire/vertex.ts';
import type { ProviderWire } from '../../../test/provider-wire/wire.ts';
import { chatRequest } from './chat-request.ts';
import { checkSent } from './check-sent.ts';

const asked = { role: 'user', content: 'How warm is it?' };
const call = (id: string) => ({ id, type: 'function', function: { name: 'weather', arguments: '{"city":"Narva"}' } });
const past = (id = 'call_1') => [
  asked,
  { role: 'assistant', content: null, tool_calls: [call(id)] },
  { role: 'tool', tool_call_id: id, content: 'minus seven' },
];
const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };
const llama = 'meta.llama3-3-70b-instruct-v1:0';

test('bedrock: past calls and their results stay when no tool may be called', async (t) => {
  const without = await sentFor(t, bedrockWire, { messages: past() });
  const forbidden = await sentFor(t, bedrockWire, { messages: past(), tools: [weather], tool_choice: 'none' });
  for (const { messages, toolConfig, additionalModelRequestFields } of [without, forbidden]) {
    assert.equal(messages[1].content[0].toolUse.name, 'weather');
    assert.equal(messages[2].content[0].toolResult.content[0].text, 'minus seven');
    assert.deepEqual([toolConfig.tools.length, toolConfig.tools[0].toolSpec.name], [1, 'weather']);
    assert.deepEqual(additionalModelRequestFields.tool_choice, { type: 'none' });
  }
  const other = await sentFor(t, bedrockWire, { model: llama, messages: past() });
  assert.equal(other.messages.length, 3);
  const choice = { model: llama, messages: past(), tools: [weather], tool_choice: 'none' };
  assert.equal(await refusedBy(t, bedrockWire, choice), 'tool_choice');
  assert.equal((await sentFor(t, bedrockWire, { ...choice, messages: [asked] })).toolConfig, undefined);
});

test('bedrock: an answer by a schema that needs a forced call is refused where no tool may be called', async (t) => {
  const model = 'anthropic.claude-sonnet-4-6-20260101-v1:0';
  const json_schema = { name: 'place', schema: { type: 'object', properties: {}, additionalProperties: false } };
  const more = { messages: past(), response_format: { type: 'json_schema', json_schema } };
  assert.equal(await refusedBy(t, bedrockWire, { model, ...more }), 'response_format');
  assert.match(JSON.stringify(await sentFor(t, bedrockWire, more)), /"json_schema".*"none"|"none".*"json_schema"/);
});

test('a request from which calls or results have vanished is not sent', () => {
  const request = chatRequest.parse(chatBody(bedrockWire, { messages: past() }));
  const inferenceConfig = { maxTokens: 500 };
  const user = { role: 'user', content: [{ text: 'How warm is it?' }] };
  const use = { role: 'assistant', content: [{ toolUse: { toolUseId: 'call_1', name: 'weather', input: {} } }] };
  const result = { role: 'user', content: [{ toolResult: { toolUseId: 'call_1', content: [{ text: '-7' }] } }] };
  const check = (messages: object[]) => checkSent(JSON.stringify({ messages, inferenceConfig }), request);
  assert.equal(check([user, use, result]), 'fits');
  for (const messages of [[user], [user, use], [user, result]]) assert.throws(() => check(messages), /`messages`/);
});

test('ids of calls become what the provider takes, the same in the call and in its result', async (t) => {
  const fits: readonly [ProviderWire, RegExp][] = [
    [anthropicWire, /^[\w-]+$/],
    [bedrockWire, /^[\w-]{1,64}$/],
    [mistralWire, /^[a-zA-Z0-9]{9}$/],
  ];
  for (const [wire, shape] of fits) {
    const text = JSON.stringify(await sentFor(t, wire, { messages: past('chatcmpl-tool:1/ä'), tools: [weather] }));
    const ids = [...text.matchAll(/"(?:id|tool_use_id|toolUseId|tool_call_id)":"([^"]*)"/g)].map(([, id]) => id);
    assert.equal(ids.length, 2, text);
    assert.equal(ids[0], ids[1]);
    assert.match(ids[0] ?? '', shape);
    const again = JSON.stringify(await sentFor(t, wire, { messages: past('chatcmpl-tool:1/ä'), tools: [weather] }));
    assert.equal(again, text);
  }
  for (const [wire, id] of [
    [anthropicWire, 'toolu_01-A'],
    [mistralWire, 'AbCdEf123'],
  ] as const)
    assert.ok(JSON.stringify(await sentFor(t, wire, { messages: past(id), tools: [weather] })).includes(id));
});

for (const wire of allWires) {
  test(`${wire.dialect}: an empty turn of the assistant is left out, one of the user refused`, async (t) => {
    for (const content of ['', null, [{ type: 'text', text: ' ' }]]) {
      const body = await sentFor(t, wire, { messages: [asked, { role: 'assistant', content }, asked] });
      const text = JSON.stringify(body.messages ?? body.contents);
      assert.ok(!/"(assistant|model)"|"(content|parts)":(\[\]|"")/.test(text), text);
    }
    for (const content of ['', [], null, [{ type: 'text', text: '' }]])
      assert.equal(await refusedBy(t, wire, { messages: [asked, { role: 'user', content }] }), 'messages');
  });
}

test('parameters without a type are those of an object', async (t) => {
  for (const parameters of [{}, { properties: { city: { type: 'string' } } }]) {
    const { tools } = await sentFor(t, anthropicWire, {
      tools: [{ type: 'function', function: { name: 'a', parameters } }],
    });
    assert.deepEqual(tools[0].input_schema, { type: 'object', ...parameters });
  }
});

test('cohere and mistral: an image in the result of a tool is refused, not sent as text', async (t) => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
  const content = [{ type: 'text', text: 'as on this image' }, image];
  const messages = [...past().slice(0, 2), { role: 'tool', tool_call_id: 'call_1', content }];
  for (const wire of [cohereWire, mistralWire])
    assert.equal(await refusedBy(t, wire, { messages, tools: [weather] }), 'image_url');
  for (const wire of [anthropicWire, bedrockWire, vertexWire])
    assert.match(JSON.stringify(await sentFor(t, wire, { messages, tools: [weather] })), /"iVBORw0KGgo="/);
});

test('bedrock and vertex: a system message behind others is refused by name', async (t) => {
  const messages = [{ role: 'system', content: 'Be brief' }, asked, { role: 'system', content: 'And kind' }, asked];
  for (const wire of [bedrockWire, vertexWire]) assert.equal(await refusedBy(t, wire, { messages }), 'messages');
});
