import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRetryAfter } from './read-retry-after.ts';

test('of several waits the longest counts; resets only where no wait is named', () => {
  assert.equal(readRetryAfter({ 'retry-after-ms': '1500.2' }), 1501);
  assert.equal(readRetryAfter({ 'retry-after-ms': '1500.2', 'retry-after': '1' }), 1501);
  assert.equal(readRetryAfter({ 'retry-after-ms': '100', 'retry-after': '60' }), 60_000);
  assert.equal(readRetryAfter({ 'retry-after': ['120', '5'] }), 120_000);
  assert.equal(readRetryAfter({ 'retry-after': ['5', 'soon', '120'] }), 120_000);
  const reset = new Date(Date.now() + 3_600_000).toISOString();
  const spent = { 'anthropic-ratelimit-requests-remaining': '0', 'anthropic-ratelimit-requests-reset': reset };
  assert.equal(readRetryAfter({ 'retry-after': '7', ...spent }), 7_000);
  assert.equal(readRetryAfter({ 'retry-after-ms': 'soon', 'retry-after': 'soon' }), undefined);
});

test('a wait is read however it is written, and never shortened below a day', () => {
  const written = {
    '17.5': 17_500,
    '17.0001': 17_001,
    '+30': 30_000,
    '30;x': 30_000,
    '30 s': 30_000,
    '120, 5': 120_000,
    ' 30 ': 30_000,
    '0': 0,
    '86400': 86_400_000,
    '100000000': 86_400_000,
    ['9'.repeat(400)]: 86_400_000,
    'Fri, 27 Nov 2099 22:09:54 GMT': 86_400_000,
    'Fri, 27 Nov 1999 22:09:54 GMT': 0,
    '-5': undefined,
    '': undefined,
    NaN: undefined,
  };
  for (const [value, waitMs] of Object.entries(written))
    assert.equal(readRetryAfter({ 'retry-after': value }), waitMs, value);
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
