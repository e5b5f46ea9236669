import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Problem } from '../../kit/index.ts';
import { checkShape } from './explain-issue.ts';
import { listOf, tokenList } from './list-of.ts';

const problemOf = (schema: z.ZodType, value: unknown) => {
  try {
    checkShape(schema, value, 'a list');
  } catch (cause) {
    if (cause instanceof Problem) return [cause.extras.param, cause.message];
  }
  return null;
};

test('a list is read up to its first wrong item: what comes behind it costs nothing', () => {
  let read = 0;
  const item = z.string().or(z.custom<number>((value) => ++read > 0 && value === 1));
  const schema = z.object({ items: listOf(item) });
  assert.deepEqual(schema.parse({ items: ['a', 1] }), { items: ['a', 1] });
  read = 0;
  assert.equal(problemOf(schema, { items: ['a', 2, 3, 4] })?.[0], 'items[1]');
  assert.equal(read, 1);
});

test('how many items there are is checked before any of them', () => {
  const schema = z.object({ items: listOf(z.string(), { min: 1, max: 2 }) });
  assert.equal(problemOf(schema, { items: ['a', 'b'] }), null);
  for (const items of [[], [1, 2, 3]]) assert.equal(problemOf(schema, { items })?.[0], 'items');
});

test('a mistake within one of several shapes is named where it is', () => {
  const part = z.looseObject({ type: z.string() });
  const schema = z.object({
    messages: listOf(z.object({ content: z.union([z.string(), listOf(part), z.null()]) })),
  });
  assert.equal(problemOf(schema, { messages: [{ content: 'a' }, { content: [{ type: 'text' }] }] }), null);
  const wrong = { messages: [{ content: 'a' }, { content: [{ type: 'text' }, { text: 'b' }] }] };
  assert.deepEqual(problemOf(schema, wrong), [
    'messages[1].content[1].type',
    '`messages[1].content[1].type` is not valid: Invalid input: expected string, received undefined',
  ]);
  assert.equal(problemOf(schema, { messages: [{ content: 7 }] })?.[0], 'messages[0].content');
});

test('tokens are numbers, and nothing else', () => {
  assert.deepEqual(tokenList.parse([1, 2]), [1, 2]);
  for (const wrong of ['1', [1, '2'], [[1]], null]) assert.equal(tokenList.safeParse(wrong).success, false);
});
