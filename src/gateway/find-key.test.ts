import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKeySecret } from '../identity/index.ts';
import type { ApiKey, KeyRing } from '../identity/ports.ts';
import { Problem } from '../kit/index.ts';
import { findKey } from './find-key.ts';

const secret = makeKeySecret();
const known = { id: 'key_1' } as ApiKey;
const asked: string[] = [];
const fresh = makeKeySecret();
const ring: KeyRing = {
  find: (text) => (text === secret ? known : null),
  async lookUp(text) {
    asked.push(text);
    return text === fresh ? known : null;
  },
  findById: () => null,
};

async function refusal(headers: Record<string, string>): Promise<Problem> {
  try {
    await findKey(headers, ring);
  } catch (cause) {
    if (cause instanceof Problem) return cause;
  }
  throw new Error('a key was found');
}

test('a key is found as OpenAI’s clients send it and as Anthropic’s do', async () => {
  for (const headers of [{ authorization: `Bearer ${secret}` }, { authorization: `bearer  ${secret}` }])
    assert.equal(await findKey(headers, ring), known);
  assert.equal(await findKey({ 'x-api-key': secret }, ring), known);
});

test('who sends no key, a typo, a part of a key, or one that is not known is told which of these it is', async () => {
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
    const problem = await refusal(headers);
    assert.equal(problem.code, code);
    assert.match(problem.message, detail);
    for (const sent of Object.values(headers)) assert.ok(!problem.message.includes(sent.slice(-8)));
  }
});

test('a key that was made a moment ago is asked for, a typo and a foreign key are not', async () => {
  asked.length = 0;
  assert.equal(await findKey({ 'x-api-key': fresh }, ring), known);
  await refusal({ 'x-api-key': fresh.slice(0, -1) });
  await refusal({ 'x-api-key': 'sk-proj-of-another-service' });
  assert.deepEqual(asked, [fresh]);
});
