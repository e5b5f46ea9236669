import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../kit/index.ts';
import { AnthropicStreamReader } from './anthropic-reader.ts';

const event = (body: { readonly type: string }) => utf8(`event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`);

test('a count that the last event leaves null stays as the first one said it', () => {
  const reader = new AnthropicStreamReader();
  const first = { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 2 };
  const last = { output_tokens: 5, input_tokens: null, cache_read_input_tokens: null };
  for (const body of [
    { type: 'message_start', message: { usage: first } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: last },
    { type: 'message_stop' },
  ])
    reader.feed(event(body));
  assert.deepEqual(reader.summary().usage, { promptTokens: 11, completionTokens: 5 });
});
