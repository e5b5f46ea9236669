import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sseSplitter } from './sse-splitter.ts';

const stream =
  'data: {"a":"õ"}\n\n: keep-alive\n\ndata: {"b":2}\r\n\r\nevent: x\ndata: one\ndata: two\n\ndata: [DONE]\n\n';

function splitAt(cuts: readonly number[]) {
  const bytes = Buffer.from(stream);
  const split = sseSplitter();
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return edges.slice(1).flatMap((end, i) => split(bytes.subarray(edges[i], end)));
}

test('any chunking gives the same frames, and the frames together are the exact bytes', () => {
  const whole = splitAt([]);
  assert.deepEqual(
    whole.map((frame) => frame.data),
    ['{"a":"õ"}', null, '{"b":2}', 'one\ntwo', '[DONE]'],
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
