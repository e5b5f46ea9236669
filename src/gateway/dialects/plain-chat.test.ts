import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chatRequest } from './openai-chat-schema.ts';
import { isPlainChat } from './plain-chat.ts';

const odd = fc.oneof(
  fc.constantFrom(null, undefined, '', 'x', 0, 1, 2, 1.5, -1, 1e6, 1e6 + 1, 1e300, true, false, Number.NaN),
  fc.jsonValue({ maxDepth: 2 }),
);
const role = fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool', 'function');
const message = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { role, content: fc.oneof(fc.string(), fc.constant(null)) },
      { requiredKeys: ['role'], noNullPrototype: true },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { role: fc.oneof(role, odd), content: odd, name: odd },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
);
const member = (sound: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 5, arbitrary: sound }, { weight: 1, arbitrary: odd });
const request = fc.record(
  {
    model: member(fc.string({ minLength: 1, maxLength: 130 })),
    messages: member(fc.array(message, { maxLength: 3 })),
    stream: member(fc.boolean()),
    n: member(fc.constant(1)),
    temperature: member(fc.double({ min: 0, max: 2, noNaN: true })),
    top_p: member(fc.double({ min: 0, max: 1, noNaN: true })),
    max_tokens: member(fc.integer({ min: 1, max: 1_000_001 })),
    max_completion_tokens: member(fc.integer({ min: 1 })),
    seed: fc.constantFrom(undefined, null, odd),
    stop: fc.constantFrom(undefined, null, 'x', 3),
    tools: fc.constantFrom(undefined, null, [], {}),
    other: odd,
  },
  { requiredKeys: ['model', 'messages'], noNullPrototype: true },
);

test('what passes as plain passes the schema, and means the same', () => {
  let passed = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 9, arbitrary: request as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd }),
      (value) => {
        if (!isPlainChat(value)) return;
        passed++;
        assert.deepEqual(chatRequest.parse(value), value);
      },
    ),
    { numRuns: 3_000 },
  );
  assert.ok(passed > 20, `${passed} passed`);
});

test('the commonest request is plain', () => {
  assert.ok(isPlainChat({ model: 'auto', messages: [{ role: 'user', content: 'x' }], stream: true, max_tokens: 10 }));
  assert.ok(!isPlainChat({ model: 'auto', messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] }));
});
