import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../kit/index.ts';
import { messagesReader } from './anthropic-writer.ts';

const pieces = fc.array(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
const calls = fc.array(pieces, { minLength: 1, maxLength: 4 });

interface Event {
  readonly type: string;
  readonly index: number;
  readonly content_block: { readonly type: string; readonly id?: string; readonly name?: string };
  readonly delta: { readonly partial_json?: string; readonly text?: string; readonly stop_reason?: string };
  readonly message: { readonly usage: { readonly input_tokens: number } };
  readonly usage: { readonly input_tokens: number };
}

interface Ending {
  readonly finish?: string;
  readonly usage?: object;
}

function run(deltas: readonly object[], { finish = 'tool_calls', usage }: Ending = {}): Event[] {
  const reader = messagesReader({ model: 'm', promptTokens: 17 });
  const frame = (choice: object) => utf8(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`);
  const frames = [
    ...deltas.flatMap((delta) => reader.feed(frame({ delta, finish_reason: null }))),
    ...reader.feed(frame({ delta: {}, finish_reason: finish })),
    ...(usage === undefined ? [] : reader.feed(utf8(`data: ${JSON.stringify({ choices: [], usage })}\n\n`))),
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

/** Blocks as a client puts them together. */
function blocksOf(events: readonly Event[]): object[] {
  const blocks: { type: string; id?: string; name?: string; text: string }[] = [];
  for (const { type, content_block: block, delta } of events) {
    if (type === 'content_block_start') {
      const { type: kind, id, name } = block;
      blocks.push({ type: kind, ...(kind === 'tool_use' ? { id, name } : {}), text: '' } as (typeof blocks)[number]);
    } else if (type === 'content_block_delta')
      (blocks.at(-1) as { text: string }).text += delta.partial_json ?? delta.text ?? '';
  }
  return blocks;
}

const call = (index: number | null, id: string | null, called: { name?: string; arguments?: string }) => ({
  tool_calls: [{ ...(index === null ? {} : { index }), ...(id === null ? {} : { id }), function: called }],
});
const tool = (id: string, name: string, text: string) => ({ type: 'tool_use', id, name, text });
const reasonOf = (events: readonly Event[]) => events.find(({ type }) => type === 'message_delta')?.delta.stop_reason;

test('a stream that calls a tool stops for its use, also when the upstream says that it simply stopped', () => {
  const calls = [call(0, 'a', { name: 'weather', arguments: '{}' })];
  assert.equal(reasonOf(run(calls, { finish: 'stop' })), 'tool_use');
  assert.equal(reasonOf(run(calls, { finish: 'length' })), 'max_tokens');
  assert.equal(reasonOf(run([{ content: 'x' }], { finish: 'stop' })), 'end_turn');
});

test('a new id begins a new call, under the same index and under none', () => {
  for (const index of [0, null]) {
    const events = run([
      call(index, 'a', { name: 'weather', arguments: '{"city":' }),
      call(index, 'a', { arguments: '"Tartu' }),
      call(index, '', { arguments: '"}' }),
      call(index, 'b', { name: 'time', arguments: '{' }),
      call(index, null, { arguments: '}' }),
    ]);
    assert.deepEqual(blocksOf(events), [tool('a', 'weather', '{"city":"Tartu"}'), tool('b', 'time', '{}')]);
  }
});

test('a call begins once its name is known', () => {
  const late = [
    call(0, 'a', { arguments: '{"city":' }),
    call(0, null, { name: 'weather' }),
    call(0, null, { arguments: '1}' }),
  ];
  assert.deepEqual(blocksOf(run(late)), [tool('a', 'weather', '{"city":1}')]);
  assert.deepEqual(blocksOf(run([call(0, 'a', { arguments: '{}' })])), [tool('a', '', '{}')], 'or the answer ends');
  const behind = [
    call(0, 'a', { name: 'time' }),
    call(1, 'b', { arguments: '{}' }),
    call(1, null, { name: 'weather' }),
  ];
  assert.deepEqual(blocksOf(run(behind)), [tool('a', 'time', ''), tool('b', 'weather', '{}')]);
});

test('the first event has the estimate of the prompt, the last one what the upstream counted', () => {
  const started = (events: readonly Event[]) => events[0]?.message.usage.input_tokens;
  const ended = (events: readonly Event[]) => events.find(({ type }) => type === 'message_delta')?.usage.input_tokens;
  const counted = run([{ content: 'x' }], { usage: { prompt_tokens: 9, completion_tokens: 1 } });
  assert.deepEqual([started(counted), ended(counted)], [17, 9]);
  const uncounted = run([{ content: 'x' }]);
  assert.deepEqual([started(uncounted), ended(uncounted)], [17, 17]);
});
