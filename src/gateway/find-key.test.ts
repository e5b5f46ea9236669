import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKeySecret } from '../identity/index.ts';
import type { ApiKey, KeyRing } from '../identity/ports.ts';
import { Problem } from '../kit/index.ts';
import { findKey } from './find-key.ts';

const secret = makeKeySecret();
const known = { id: 'key_1' } as ApiKey;
const ring: KeyRing = { find: (text) => (text === secret ? known : null), findById: () => null };

function refusal(headers: Record<string, string>): Problem {
  try {
    findKey(headers, ring);
  } catch (cause) {
    if (cause instanceof Problem) return cause;
  }
  throw new Error('a key was found');
}

test('a key is found as OpenAI’s clients send it and as Anthropic’s do', () => {
  for (const headers of [{ authorization: `Bearer ${secret}` }, { authorization: `bearer  ${secret}` }])
    assert.equal(findKey(headers, ring), known);
  assert.equal(findKey({ 'x-api-key': secret }, ring), known);
});

test('who sends no key, a typo, a part of a key, or one that is not known is told which of these it is', () => {
  const swapped = secret.slice(0, 10) + (secret[10] === 'a' ? 'b' : 'a') + secret.slice(11);
  const cases: [Record<string, string>, string, RegExp][] = [
    [{}, 'missing-key', /x-api-key/],
    [{ authorization: 'Basic abc' }, 'invalid-key', /must read `Bearer <key>`/],
    [{ authorization: `Bearer ${swapped}` }, 'invalid-key', /mistyped/],
    [{ authorization: `Bearer ${secret.slice(0, -1)}` }, 'invalid-key', /no key of this service/],
    [{ 'x-api-key': 'sk-proj-of-another-service' }, 'invalid-key', /no key of this service/],
    [{ authorization: `Bearer ${makeKeySecret()}` }, 'invalid-key', /unknown, revoked or expired/],
  ];
  for (const [headers, code, detail] of cases) {
    const problem = refusal(headers);
    assert.equal(problem.code, code);
    assert.match(problem.message, detail);
    for (const sent of Object.values(headers)) assert.ok(!problem.message.includes(sent.slice(-8)));
  }
});
