import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatBody, openWire, runChat, streamed } from '../../../test/call-provider.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { sse } from '../../../test/provider-wire/wire.ts';

test('a paused stream holds the provider back, and every word comes once it goes on', async (t) => {
  const word = 'x'.repeat(1 << 14);
  const words = 2_048;
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word } };
  const [start, , open, , , ...rest] = anthropicWire.stream.text;
  let sent = 0;
  let blocked: () => void = () => {};
  const wasBlocked = new Promise<void>((resolve) => {
    blocked = resolve;
  });
  const { port } = await openWire(t, anthropicWire, async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const frame of [start, open]) response.write(frame);
    for (; sent < words; sent++) {
      if (response.write(sse(delta, delta.type))) continue;
      const timer = setTimeout(blocked, 300);
      await new Promise((resolve) => response.once('drain', resolve));
      clearTimeout(timer);
    }
    for (const frame of rest) response.write(frame);
    response.end();
  });
  let isFirst = true;
  let length = 0;
  const { isDone, chunks } = await runChat(port, chatBody(anthropicWire, streamed), {
    onCall(call) {
      call.pause();
      wasBlocked.then(() => {
        assert.ok(sent < words, 'the provider waits');
        isFirst = false;
        call.resume();
      });
    },
    onText: () => assert.equal(isFirst, false),
  });
  for (const { choices } of chunks) length += choices[0]?.delta.content?.length ?? 0;
  assert.deepEqual([isDone, length], [true, word.length * words]);
});
