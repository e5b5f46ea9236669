import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnthropicStreamReader } from './anthropic-reader.ts';
import { type EventNotes, eventReader } from './event-reader.ts';
import { ChatTally } from './openai-chat-chunk.ts';

const delta = 'a'.repeat(1_000_000);

test('a stream whose text does not end is refused, whatever its dialect, before it fills the memory', () => {
  const transcripts = eventReader({
    last: 'transcript.text.done',
    note: (event, notes: EventNotes) => {
      notes.text += String(event.delta);
    },
    count: () => 0,
  });
  const cases = [
    { reader: transcripts, event: { type: 'transcript.text.delta', delta } },
    { reader: new AnthropicStreamReader(), event: { type: 'content_block_delta', delta: { text: delta } } },
  ];
  for (const { reader, event } of cases) {
    const bytes = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
    for (let times = 0; times < 8; times++) assert.equal(reader.feed(bytes)[0]?.kind, 'part');
    assert.throws(() => reader.feed(bytes), /does not end/);
  }
});

test('the choices of a chat share one bound', () => {
  const tally = new ChatTally(4);
  const add = (index: number) => tally.add({ choices: [{ index, delta: { content: delta } }] });
  for (let times = 0; times < 8; times++) add(times % 4);
  assert.throws(() => add(0), /does not end/);
});

test('calls and thoughts count into it: translations keep them until their turn comes', () => {
  const tool_calls = [{ index: 1, function: { arguments: delta } }];
  for (const said of [{ tool_calls }, { reasoning: delta }, { reasoning_content: delta }, { refusal: delta }]) {
    const tally = new ChatTally(1);
    const add = () => tally.add({ choices: [{ index: 0, delta: said }] });
    for (let times = 0; times < 8; times++) add();
    assert.throws(add, /does not end/);
    assert.equal(tally.summary().counted, 8);
  }
});
