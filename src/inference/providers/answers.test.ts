import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerAs, chatBody, openWire, runChat, streamed } from '../../../test/call-provider.ts';
import { allWires } from '../../../test/provider-wire/all-wires.ts';
import type { Json } from '../../../test/provider-wire/wire.ts';

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const called = [
  ['weather', '{"city":"Tallinn"}'],
  ['weather', '{"city":"Tartu"}'],
];

for (const wire of allWires) {
  test(`${wire.dialect}: a whole answer has text, reason and usage of the provider`, async (t) => {
    const { port } = await openWire(t, wire, answerAs(wire, 'text'));
    const { start, json, ended } = await runChat(port, chatBody(wire));
    assert.deepEqual([start, ended], [{ status: 200, contentType: 'application/json' }, true]);
    const { choices, usage, object, model } = json;
    assert.deepEqual([object, model], ['chat.completion', wire.model]);
    assert.deepEqual([choices[0].message.content, choices[0].finish_reason], ['Tere, maailm', 'stop']);
    assert.deepEqual([usage.prompt_tokens, usage.completion_tokens, usage.total_tokens], [7, 2, 9]);
    if (wire.dialect === 'anthropic') assert.equal(usage.prompt_tokens_details.cached_tokens, 2);
  });

  test(`${wire.dialect}: a stream has the role first, then words, reason, usage and the end`, async (t) => {
    const { port } = await openWire(t, wire, answerAs(wire, 'text'));
    const { start, chunks, ended, isDone } = await runChat(port, chatBody(wire, streamed));
    assert.deepEqual([start?.status, ended, isDone], [200, true, true]);
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.ok(chunks.every(({ object, id }) => object === 'chat.completion.chunk' && id === chunks[0].id));
    const words = chunks.map(({ choices }) => choices[0]?.delta.content).filter((word) => word);
    assert.deepEqual(words, ['Tere, ', 'maailm']);
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.equal(chunks.at(-1).usage.total_tokens, 9);
  });

  test(`${wire.dialect}: parallel calls come whole and in pieces, each under its own index`, async (t) => {
    const { port, asked } = await openWire(t, wire, answerAs(wire, 'tools'));
    const { json } = await runChat(port, chatBody(wire, { tools: [weather], tool_choice: 'required' }));
    const { message, finish_reason } = json.choices[0];
    assert.equal(finish_reason, 'tool_calls');
    assert.deepEqual(
      message.tool_calls.map((call: Json) => [call.function.name, call.function.arguments]),
      called,
    );
    assert.ok(asked[0]?.text.includes('of a city'));
    const { chunks, isDone } = await runChat(port, chatBody(wire, { tools: [weather], ...streamed }));
    const calls: string[][] = [];
    const ids = new Set<string>();
    for (const { index, id, function: piece } of chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])) {
      calls[index] ??= ['', ''];
      const call = calls[index];
      if (id) ids.add(id);
      call[0] += piece.name ?? '';
      call[1] += piece.arguments ?? '';
    }
    assert.deepEqual([calls, ids.size, isDone], [called, 2, true]);
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'tool_calls');
  });

  test(`${wire.dialect}: a refusal keeps its words and ends as content_filter`, async (t) => {
    const { port } = await openWire(t, wire, answerAs(wire, 'refused'));
    const { json } = await runChat(port, chatBody(wire));
    assert.deepEqual([json.choices[0].message.content, json.choices[0].finish_reason], ['Ei', 'content_filter']);
    const { chunks } = await runChat(port, chatBody(wire, streamed));
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'content_filter');
    assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), 'Ei');
  });

  test(`${wire.dialect}: images, schemas, earlier calls and their results reach the provider`, async (t) => {
    const { port, asked } = await openWire(t, wire, answerAs(wire, 'text'));
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Narva"}' } }];
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    const messages = [
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: [{ type: 'text', text: 'Where is this?' }, image] },
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'call_1', content: 'minus seven' },
    ];
    const more = { temperature: 0.5, stop: ['END'], tools: [weather], messages };
    assert.equal((await runChat(port, chatBody(wire, more))).start?.status, 200);
    const schema = { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false };
    const format = { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } };
    assert.equal((await runChat(port, chatBody(wire, { response_format: format }))).start?.status, 200);
    const [first, second] = asked;
    for (const word of ['Be brief', 'Narva', 'minus seven', 'END', '0.5', '500', wire.image])
      assert.ok(first?.text.includes(word), `${word} in ${first?.text}`);
    assert.ok(second?.text.includes(wire.schema), second?.text);
  });
}
