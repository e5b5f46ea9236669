import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usageOf } from './chat-to-anthropic.ts';
import { readUsage } from './openai-chat-chunk.ts';

test('thoughts that only the total counts are tokens of the answer, for the bill and for every client', () => {
  // Google's endpoint for OpenAI's clients and xAI leave what the model thought out of `completion_tokens` (2026-11).
  const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 812 };
  assert.deepEqual(readUsage(usage), { promptTokens: 9, completionTokens: 803 });
  assert.equal(usageOf(usage).output_tokens, 803);
});

test('a total that is missing, smaller, or no count changes nothing', () => {
  const counted = { prompt_tokens: 9, completion_tokens: 12 };
  for (const total_tokens of [undefined, null, 0, 20, 21, '812', -1, 812.5])
    assert.deepEqual(readUsage({ ...counted, total_tokens }), { promptTokens: 9, completionTokens: 12 });
  assert.deepEqual(readUsage({ prompt_tokens: 9, total_tokens: 9 }), { promptTokens: 9, completionTokens: 0 });
  assert.equal(readUsage({ prompt_tokens: -9, completion_tokens: 12, total_tokens: 3 }), null);
});
