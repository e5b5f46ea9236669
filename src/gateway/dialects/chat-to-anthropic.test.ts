import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../kit/index.ts';
import { messagesReader } from './chat-to-anthropic.ts';

const pieces = fc.array(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
const calls = fc.array(pieces, { minLength: 1, maxLength: 4 });

interface Event {
  readonly type: string;
  readonly index: number;
  readonly content_block: { readonly type: string; readonly name?: string };
  readonly delta: { readonly partial_json?: string; readonly text?: string };
}

function run(deltas: readonly object[]): Event[] {
  const reader = messagesReader({ model: 'm' });
  const frame = (choice: object) => utf8(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`);
  const frames = [
    ...deltas.flatMap((delta) => reader.feed(frame({ delta, finish_reason: null }))),
    ...reader.feed(frame({ delta: {}, finish_reason: 'tool_calls' })),
    ...reader.feed(utf8('data: [DONE]\n\n')),
    ...(reader.finish() ?? []),
  ];
  const text = frames.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Event);
}

test('however an upstream mixes the pieces of its tool calls and of its text, blocks follow each other and each is whole', () => {
  fc.assert(
    fc.property(calls, fc.array(fc.nat(100)), fc.array(fc.nat(100), { maxLength: 3 }), (tools, turns, talks) => {
      const queues = tools.map((args, index) =>
        args.map((text, at) => ({
          tool_calls: [
            {
              index,
              ...(at === 0 ? { id: `call_${index}` } : {}),
              function: { ...(at === 0 ? { name: `t${index}` } : {}), arguments: text },
            },
          ],
        })),
      );
      const deltas: object[] = [];
      for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
        const open = queues.filter((queue) => queue.length > 0);
        deltas.push((open[(turns[turn] ?? 0) % open.length] as object[]).shift() as object);
      }
      for (const place of talks) deltas.splice(place % (deltas.length + 1), 0, { content: 'word ' });
      const said = new Map<number, { name: string; text: string }>();
      let open: number | null = null;
      for (const { type, index, content_block: block, delta } of run(deltas)) {
        if (type === 'content_block_start') {
          assert.equal(open, null, 'one block at a time');
          assert.equal(index, said.size);
          open = index;
          said.set(index, { name: block.name ?? block.type, text: '' });
        } else if (type === 'content_block_delta') {
          assert.equal(index, open);
          const one = said.get(index) as { text: string };
          one.text += delta.partial_json ?? delta.text ?? '';
        } else if (type === 'content_block_stop') open = null;
      }
      assert.equal(open, null);
      const all = [...said.values()];
      for (const [index, args] of tools.entries())
        assert.deepEqual(
          all.filter(({ name }) => name === `t${index}`).map(({ text }) => text),
          [args.join('')],
        );
      const words = all.filter(({ name }) => name === 'text').map(({ text }) => text);
      assert.equal(words.join(''), 'word '.repeat(talks.length));
    }),
  );
});
