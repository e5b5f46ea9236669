import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fileReader } from './file-reader.ts';

const summary = { textDigests: [], finishReason: 'stop', usage: null, counted: 3 };

test('in any chunking all bytes pass once and in order, and the last one waits for the end', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), (chunks) => {
      const reader = fileReader(summary);
      // What begins like this is no text.
      chunks.unshift(Uint8Array.of(0xff));
      const parts: number[] = [];
      for (const chunk of chunks) {
        const frames = reader.feed(chunk);
        assert.equal(frames.length > 0, chunk.length > 0);
        for (const { kind, bytes } of frames) if (kind === 'part') parts.push(...bytes);
      }
      const whole = chunks.flatMap((chunk) => [...chunk]);
      const last = reader.finish();
      assert.deepEqual(parts, whole.slice(0, -1));
      assert.deepEqual(
        last?.map(({ kind, bytes }) => [kind, ...bytes]),
        [['final', whole.at(-1)]],
      );
      assert.equal(reader.summary(), summary);
    }),
  );
});
