import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sseSplitter } from './sse-splitter.ts';

const stream = 'data: {"a":"õ"}\n\ndata: {"b":2}\r\n\r\nevent: x\ndata: one\ndata: two\n\ndata: [DONE]\n\n';

function splitAt(cuts: readonly number[], text = stream) {
  const bytes = Buffer.from(text);
  const split = sseSplitter();
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return edges.slice(1).flatMap((end, i) => split(bytes.subarray(edges[i], end)));
}

test('any chunking gives the same frames, and the frames together are the exact bytes', () => {
  const whole = splitAt([]);
  assert.deepEqual(
    whole.map((frame) => frame.data),
    ['{"a":"õ"}', '{"b":2}', 'one\ntwo', '[DONE]'],
  );
  assert.deepEqual(
    whole.map((frame) => frame.event),
    [null, null, 'x', null],
  );
  fc.assert(
    fc.property(fc.array(fc.nat({ max: Buffer.byteLength(stream) }), { maxLength: 12 }), (cuts) => {
      const frames = splitAt(cuts);
      assert.deepEqual(
        frames.map((frame) => frame.data),
        whole.map((frame) => frame.data),
      );
      assert.equal(Buffer.concat(frames.map((frame) => frame.bytes)).toString(), stream);
    }),
  );
});

test('an event that does not end is refused before it fills the memory', () => {
  const split = sseSplitter();
  assert.throws(
    () => {
      for (let i = 0; i < 100; i++) split(Buffer.alloc(100_000, 'x'));
    },
    { code: 'upstream-failed' },
  );
});

/** As the specification says it, without what only a connection needs. */
function readAsSpecified(text: string): { event: string | null; data: string }[] {
  const events: { event: string | null; data: string }[] = [];
  let data: string[] = [];
  let event: string | null = null;
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (data.length > 0) events.push({ event, data: data.join('\n') });
      data = [];
      event = null;
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
  }
  return events;
}

const line = fc.constantFrom(
  ...[
    'data: a',
    'data:b',
    'data',
    'data:',
    'event: x',
    'event: error',
    'id: 7',
    'retry: 9',
    ': SECRET',
    ':',
    'SECRET: x',
  ],
  ...['Data: c', ' data: d', 'database: e', '', '', ''],
);
const texts = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 12 }),
  )
  .map(([mark, lines]) => mark + lines.map(([text, end]) => text + end).join(''));

test('the gateway reads what a client reads, before and behind it, or refuses the stream', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat({ max: 200 }), { maxLength: 5 }), (text, cuts) => {
      // What has no end yet is no event.
      const whole = `${text}\n\n`;
      const inside = cuts.filter((cut) => cut <= Buffer.byteLength(whole));
      if (/\r(?!\n)/.test(whole)) {
        assert.throws(() => splitAt(inside, whole), { code: 'upstream-failed' });
        return;
      }
      const frames = splitAt(inside, whole);
      const read = frames.map(({ event, data }) => ({ event, data }));
      assert.deepEqual(read, readAsSpecified(whole));
      const passed = Buffer.concat(frames.map(({ bytes }) => bytes)).toString();
      assert.deepEqual(readAsSpecified(passed), read);
      assert.doesNotMatch(passed, /SECRET|\ufeff/);
    }),
    { numRuns: 2_000 },
  );
});
