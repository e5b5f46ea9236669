import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../kit/index.ts';
import { messageOfChat } from './chat-to-anthropic.ts';

interface Message {
  readonly content: readonly { readonly type: string; readonly id?: unknown; readonly name?: unknown }[];
  readonly stop_reason: string;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

const told = { model: 'm', mediaType: 'application/json', promptTokens: 17 };

function whole(message: object, finish_reason: string, usage: object | null = null) {
  const answer = messageOfChat(utf8(JSON.stringify({ choices: [{ index: 0, message, finish_reason }], usage })), told);
  assert.ok(answer !== null);
  return { message: JSON.parse(Buffer.from(answer.bytes).toString()) as Message, summary: answer.summary };
}

const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Tartu"}' } };

test('an answer that calls a tool stops for its use, also when the upstream says that it simply stopped', () => {
  for (const finish of ['stop', 'tool_calls', 'eos'])
    assert.equal(whole({ content: null, tool_calls: [call] }, finish).message.stop_reason, 'tool_use');
  assert.equal(whole({ content: null, tool_calls: [call] }, 'length').message.stop_reason, 'max_tokens');
  assert.equal(whole({ content: 'x', tool_calls: [] }, 'stop').message.stop_reason, 'end_turn');
});

test('thoughts are shown and counted under either of their names', () => {
  for (const name of ['reasoning', 'reasoning_content']) {
    const { message, summary } = whole({ content: 'Tere', [name]: 'a'.repeat(400) }, 'stop');
    assert.deepEqual(message.content, [
      { type: 'thinking', thinking: 'a'.repeat(400), signature: '' },
      { type: 'text', text: 'Tere' },
    ]);
    assert.equal(summary.counted, 101);
  }
});

test('each call has an id and a name, and its input is an object', () => {
  const calls = [
    { function: { name: 'weather', arguments: '[1,2]' } },
    { id: '', function: { name: 'weather', arguments: '{}' } },
    { id: 'call_3' },
  ];
  const { content } = whole({ content: null, tool_calls: calls }, 'tool_calls').message;
  assert.deepEqual(
    content.map(({ id: _, ...block }) => block),
    [
      { type: 'tool_use', name: 'weather', input: { value: [1, 2] } },
      { type: 'tool_use', name: 'weather', input: {} },
      { type: 'tool_use', name: '', input: {} },
    ],
  );
  const ids = content.map(({ id }) => String(id));
  assert.match(ids[0] ?? '', /^toolu_\w{24}$/);
  assert.match(ids[1] ?? '', /^toolu_\w{24}$/);
  assert.equal(ids[2], 'call_3');
});

test('an upstream that counts nothing leaves the estimates', () => {
  const { usage } = whole({ content: 'a'.repeat(40) }, 'stop').message;
  assert.deepEqual([usage.input_tokens, usage.output_tokens], [17, 10]);
  const counted = whole({ content: 'a' }, 'stop', { prompt_tokens: 3, completion_tokens: 2 }).message.usage;
  assert.deepEqual([counted.input_tokens, counted.output_tokens], [3, 2]);
});
