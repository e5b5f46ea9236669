import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, utf8 } from '../../kit/index.ts';
import type { StreamReader } from '../dialect.ts';
import { responseOfChat, responsesReader } from './chat-to-responses.ts';

interface Item {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
  readonly name?: string;
  readonly call_id?: string;
  readonly arguments?: string;
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly logprobs?: unknown }[];
}

interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly part?: { readonly type: string; readonly text: string };
  readonly item?: Item;
  readonly logprobs?: unknown;
  readonly response?: { readonly status: string; readonly output: readonly Item[] };
}

type Opened = Parameters<typeof responsesReader>[0];
const request = { model: 'm', input: 'a' } as Opened['request'];
const opened: Opened = { id: `resp_${'a'.repeat(48)}`, createdAt: 0, model: 'm', request };
const piece = (index: number, more: object) => ({ tool_calls: [{ index, ...more }] });

function eventsOf(frames: readonly { readonly bytes: Uint8Array }[]): Event[] {
  const text = frames.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Event);
}

function send(reader: StreamReader, choice: object) {
  return reader.feed(utf8(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`));
}

function stream(deltas: readonly object[], finish = 'stop'): { events: Event[]; output: readonly Item[] } {
  const reader = responsesReader(opened, () => {});
  const frames = [
    ...deltas.flatMap((delta) => send(reader, { delta, finish_reason: null })),
    ...send(reader, { delta: {}, finish_reason: finish }),
    ...(reader.finish() ?? []),
  ];
  const events = eventsOf(frames);
  return { events, output: events.at(-1)?.response?.output ?? [] };
}

function whole(message: object, finish = 'stop', logprobs: unknown = null): readonly Item[] {
  const answer = { choices: [{ index: 0, message, finish_reason: finish, logprobs }] };
  const { bytes } = responseOfChat(utf8(JSON.stringify(answer)), opened, () => {}) ?? assert.fail();
  return (JSON.parse(Buffer.from(bytes).toString()) as { output: Item[] }).output;
}

test('mixed pieces of parallel tool calls become items that follow each other, each added once and whole', () => {
  const { events, output } = stream(
    [
      { content: 'I look it up.' },
      piece(0, { id: 'call_a', function: { name: 'a', arguments: '{"x"' } }),
      piece(1, { id: 'call_b', function: { name: 'b', arguments: '{"y"' } }),
      piece(0, { function: { arguments: ':1}' } }),
      { content: ' Both.' },
      piece(1, { function: { arguments: ':2}' } }),
    ],
    'tool_calls',
  );
  const places = (type: string) => events.filter((event) => event.type === type).map((event) => event.output_index);
  assert.deepEqual(places('response.output_item.added'), [0, 1, 2, 3]);
  assert.deepEqual(places('response.output_item.done'), [0, 1, 2, 3]);
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

test('a call with an id of its own is a call of its own, also under the index of another or none', () => {
  const one = { id: 'call_a', function: { name: 'a', arguments: '{"x":1}' } };
  const other = { id: 'call_b', function: { name: 'b', arguments: '{"y"' } };
  const rest = { id: 'call_b', function: { arguments: ':2}' } };
  for (const place of [{ index: 0 }, {}]) {
    const { output } = stream(
      [one, other, rest].map((call) => ({ tool_calls: [{ ...place, ...call }] })),
      'tool_calls',
    );
    assert.deepEqual(
      output.map(({ call_id, name, arguments: said }) => [call_id, name, said]),
      [
        ['call_a', 'a', '{"x":1}'],
        ['call_b', 'b', '{"y":2}'],
      ],
    );
  }
});

test('a call is told once its name is known, and always has an id', () => {
  const { events, output } = stream(
    [
      piece(0, { id: '', function: { arguments: '{' } }),
      piece(0, { function: { name: 'a' } }),
      piece(0, { function: { arguments: '}' } }),
    ],
    'tool_calls',
  );
  const [added] = events.filter(({ type }) => type === 'response.output_item.added');
  assert.deepEqual([added?.item?.name, output[0]?.name, output[0]?.arguments], ['a', 'a', '{}']);
  assert.match(output[0]?.call_id ?? '', /^call_/);
  const [call] = whole({ content: null, tool_calls: [{ function: { name: 'a', arguments: { x: 1 } } }] }, 'tool_calls');
  assert.deepEqual([call?.name, call?.arguments], ['a', '{"x":1}']);
  assert.match(call?.call_id ?? '', /^call_/);
});

test('thoughts are a part of their item that begins and ends, under either name that servers give them', () => {
  for (const name of ['reasoning_content', 'reasoning']) {
    const { events, output } = stream([{ [name]: 'Hm' }, { [name]: 'm.' }, { content: 'Tere' }]);
    const types = events.map(({ type }) => type.replace('response.', ''));
    assert.deepEqual(types.slice(2, 9), [
      'output_item.added',
      'content_part.added',
      'reasoning_text.delta',
      'reasoning_text.delta',
      'reasoning_text.done',
      'content_part.done',
      'output_item.done',
    ]);
    const parts = events.filter(({ type }) => type.startsWith('response.content_part.')).slice(0, 2);
    assert.deepEqual(
      parts.map(({ part }) => part),
      ['', 'Hmm.'].map((text) => ({ type: 'reasoning_text', text })),
    );
    const [thought] = whole({ content: 'Tere', [name]: 'Hmm.' });
    for (const item of [output[0], thought])
      assert.deepEqual([item?.type, item?.content?.[0]?.text], ['reasoning', 'Hmm.']);
  }
});

test('the item at which an answer was cut is incomplete, those before it are whole', () => {
  const calls = [0, 1].map((index) => ({ index, id: `call_${index}`, function: { name: 'a', arguments: '{"x' } }));
  const statuses = (items: readonly Item[]) => items.map(({ status }) => status);
  const { events, output } = stream([{ content: 'Tere' }, { tool_calls: calls }], 'length');
  assert.deepEqual(statuses(output), ['completed', 'completed', 'incomplete']);
  const done = events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item?.status);
  assert.deepEqual(done, ['completed', 'completed', 'incomplete']);
  assert.deepEqual(statuses(stream([{ content: 'Ter' }], 'length').output), ['incomplete']);
  assert.deepEqual(statuses(whole({ content: 'Tere', tool_calls: calls }, 'length')), [
    'completed',
    'completed',
    'incomplete',
  ]);
  assert.deepEqual(statuses(whole({ content: 'Ter' }, 'content_filter')), ['incomplete']);
  assert.deepEqual(statuses(whole({ content: 'Tere', tool_calls: [] })), ['completed']);
});

test('log probabilities stand where Responses has them', () => {
  const token = (text: string) => ({ token: text, logprob: -0.5, bytes: [84], top_logprobs: [] });
  const [message] = whole({ content: 'Tere' }, 'stop', { content: [token('Te'), token('re')], refusal: null });
  assert.deepEqual(message?.content?.[0]?.logprobs, [token('Te'), token('re')]);
  const reader = responsesReader(opened, () => {});
  const events = eventsOf([
    ...send(reader, { delta: { content: 'Te' }, logprobs: { content: [token('Te')] } }),
    ...send(reader, { delta: { content: 're' }, logprobs: { content: [token('re')] } }),
    ...send(reader, { delta: {}, finish_reason: 'stop' }),
    ...(reader.finish() ?? []),
  ]);
  const told = events.filter(({ type }) => type.startsWith('response.output_text.')).map(({ logprobs }) => logprobs);
  assert.deepEqual(told, [[token('Te')], [token('re')], [token('Te'), token('re')]]);
  assert.deepEqual(events.at(-1)?.response?.output[0]?.content?.[0]?.logprobs, [token('Te'), token('re')]);
});

test('an item’s id says which response it belongs to, and no two of a response are the same', () => {
  const call = { id: 'call_a', function: { name: 'a', arguments: '{}' } };
  for (const items of [
    stream([{ reasoning: 'Hm' }, { content: 'Tere' }, { tool_calls: [call] }]).output,
    whole({ reasoning: 'Hm', content: 'Tere', tool_calls: [call] }),
  ]) {
    const ids = items.map(({ id }) => id);
    assert.deepEqual(
      ids.map((id) => id.slice(0, -4)),
      ['rs', 'msg', 'fc'].map((prefix) => `${prefix}_${'a'.repeat(48)}`),
    );
    assert.equal(new Set(ids.map((id) => id.slice(-4))).size, 3);
  }
});

test('the error of a stream that has begun has the number of the next event', () => {
  const reader = responsesReader(opened, () => {});
  const before = eventsOf(send(reader, { delta: { content: 'Tere' } }));
  const frame = reader.errorFrame?.(new Problem('upstream-failed', 'gone'), 'req_1') ?? assert.fail();
  const [error] = eventsOf([{ bytes: frame }]);
  assert.deepEqual([error?.type, error?.sequence_number], ['error', (before.at(-1)?.sequence_number ?? 0) + 1]);
});
