import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChatInput } from './chat-input.ts';

const messages = [{ role: 'user', content: 'hello' }];

test('everything unsaid takes its default', () => {
  assert.deepEqual(readChatInput({ model: 'x', messages }), {
    kind: 'input',
    input: {
      history: [{ type: 'user', text: 'hello' }],
      stream: false,
      includeUsage: false,
      maxTokens: null,
      temperature: 0.2,
      topP: 0.9,
      frequencyPenalty: 0,
      presencePenalty: 0,
      seed: null,
      stops: [],
    },
  });
});

test('roles, parts of text and the newer names of parameters are understood', () => {
  const read = readChatInput({
    messages: [
      { role: 'developer', content: 'be brief' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: 'c' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 9,
    max_completion_tokens: 7,
    stop: ['', 'END'],
    seed: -1,
  });
  assert.ok(read.kind === 'input');
  assert.deepEqual(read.input.history, [
    { type: 'system', text: 'be brief' },
    { type: 'user', text: 'ab' },
    { type: 'model', response: ['c'] },
  ]);
  const { stream, includeUsage, maxTokens, stops, seed } = read.input;
  assert.deepEqual([stream, includeUsage, maxTokens, stops, seed], [true, true, 7, ['END'], -1]);
});

const nothingAsked: readonly object[] = [
  { tools: [] },
  { tools: null },
  { tool_choice: 'none' },
  { tool_choice: 'auto' },
  { logprobs: false },
  { response_format: { type: 'text' } },
  { n: 1 },
  { stop: null },
  { user: 'someone' },
];
for (const more of nothingAsked) {
  test(`${JSON.stringify(more)} asks for nothing and is accepted`, () => {
    assert.equal(readChatInput({ messages, ...more }).kind, 'input');
  });
}

const refused: readonly (readonly [object, string])[] = [
  [{ tools: [{ type: 'function' }] }, 'tools'],
  [{ tool_choice: 'required' }, 'tool_choice'],
  [{ frequency_penalty: 5 }, 'frequency_penalty'],
  [{ logprobs: true }, 'logprobs'],
  [{ response_format: { type: 'json_object' } }, 'response_format'],
  [{ logit_bias: { 1: 2 } }, 'logit_bias'],
  [{ n: 2 }, 'n'],
  [{ max_tokens: -1 }, 'max_tokens'],
  [{ max_tokens: 1.5 }, 'max_tokens'],
  [{ temperature: 3 }, 'temperature'],
  [{ messages: [] }, 'messages'],
  [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
  [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, 'messages.0.content'],
];
for (const [more, param] of refused) {
  test(`${JSON.stringify(more)} is refused naming \`${param}\``, () => {
    const read = readChatInput({ messages, ...more });
    assert.ok(read.kind === 'refused' && read.param?.startsWith(param), JSON.stringify(read));
    assert.match(read.message, /the embedded model/);
  });
}

test('what is no object is refused, never thrown', () => {
  for (const body of [null, 1, 'x', [], true]) assert.equal(readChatInput(body).kind, 'refused');
});
