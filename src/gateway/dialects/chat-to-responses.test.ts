import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../kit/index.ts';
import { responsesReader } from './chat-to-responses.ts';

interface Event {
  readonly type: string;
  readonly output_index?: number;
  readonly item?: { readonly type: string; readonly name?: string; readonly arguments?: string };
  readonly response?: { readonly output: readonly { readonly type: string; readonly arguments?: string }[] };
}

test('mixed pieces of parallel tool calls become items that follow each other, each added once and whole', () => {
  const request = { model: 'm', input: 'a' } as Parameters<typeof responsesReader>[0]['request'];
  const reader = responsesReader({ id: 'resp_1', createdAt: 0, model: 'm', request }, () => {});
  const piece = (index: number, more: object) => ({ tool_calls: [{ index, ...more }] });
  const deltas = [
    { content: 'I look it up.' },
    piece(0, { id: 'call_a', function: { name: 'a', arguments: '{"x"' } }),
    piece(1, { id: 'call_b', function: { name: 'b', arguments: '{"y"' } }),
    piece(0, { function: { arguments: ':1}' } }),
    { content: ' Both.' },
    piece(1, { function: { arguments: ':2}' } }),
  ];
  const send = (choice: object) =>
    reader.feed(utf8(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`));
  const frames = [
    ...deltas.flatMap((delta) => send({ delta, finish_reason: null })),
    ...send({ delta: {}, finish_reason: 'tool_calls' }),
    ...(reader.finish() ?? []),
  ];
  const text = frames.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Event);
  const places = (type: string) => events.filter((event) => event.type === type).map((event) => event.output_index);
  assert.deepEqual(places('response.output_item.added'), [0, 1, 2, 3]);
  assert.deepEqual(places('response.output_item.done'), [0, 1, 2, 3]);
  const { output = [] } = events.at(-1)?.response ?? {};
  assert.deepEqual(
    output.map(({ type, arguments: said }) => [type, said]),
    [
      ['message', undefined],
      ['function_call', '{"x":1}'],
      ['function_call', '{"y":2}'],
      ['message', undefined],
    ],
  );
});
