import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRetryAfter } from './read-retry-after.ts';

test('milliseconds come before seconds, seconds before resets', () => {
  assert.equal(readRetryAfter({ 'retry-after-ms': '1500.2', 'retry-after': '7' }), 1501);
  assert.equal(readRetryAfter({ 'retry-after': '7', 'anthropic-ratelimit-requests-remaining': '0' }), 7_000);
  assert.equal(readRetryAfter({ 'retry-after-ms': 'soon', 'retry-after': 'soon' }), undefined);
});

test('the last reset of a budget that is used up counts, not of one that has some left', () => {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const waitMs = readRetryAfter({
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': at(20_000),
    'anthropic-ratelimit-tokens-remaining': '0',
    'anthropic-ratelimit-tokens-reset': at(3_600_000),
    'anthropic-ratelimit-output-tokens-remaining': '5',
    'anthropic-ratelimit-output-tokens-reset': at(7_200_000),
  });
  assert.ok(waitMs !== undefined && waitMs > 3_500_000 && waitMs <= 3_600_000);
});
