import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex, utf8 } from '../../kit/index.ts';
import { transcriptReader } from './transcript-reader.ts';

const frame = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const chunk = (content: string, finish_reason: string | null = null) =>
  frame({ object: 'transcription.chunk', choices: [{ delta: { content }, finish_reason }] });
const usage = { prompt_tokens: 14, completion_tokens: 2, total_tokens: 16 };
const done = 'data: [DONE]\n\n';

function read(...texts: readonly string[]) {
  const reader = transcriptReader();
  const frames = texts.flatMap((text) => reader.feed(utf8(text)));
  const end = reader.finish();
  const said = [...frames, ...(end ?? [])].map(({ kind, bytes }) => [kind, Buffer.from(bytes).toString()]);
  return { said, isWhole: end !== null, summary: reader.summary() };
}

test("vLLM's chunks, in whatever pieces they come, are OpenAI's events, and the last waits for the record", () => {
  const whole = `${chunk('Tere')}${chunk(', maailm')}${chunk('', 'stop')}${frame({ choices: [], usage })}${done}`;
  const counted = { type: 'tokens', input_tokens: 14, output_tokens: 2, total_tokens: 16 };
  for (const pieces of [[whole], [...whole]]) {
    const { said, summary } = read(...pieces);
    assert.deepEqual(said, [
      ['part', frame({ type: 'transcript.text.delta', delta: 'Tere' })],
      ['part', frame({ type: 'transcript.text.delta', delta: ', maailm' })],
      ['final', frame({ type: 'transcript.text.done', text: 'Tere, maailm', usage: counted })],
    ]);
    assert.deepEqual(summary, {
      textDigests: [sha256Hex('Tere, maailm')],
      finishReason: 'stop',
      usage: { promptTokens: 14, completionTokens: 2 },
      counted: 3,
    });
  }
});

test('a long recording ends with the reason of its last piece, and is cut without one', () => {
  assert.equal(read(chunk('Tere', 'stop'), chunk(', maailm', 'stop'), done).isWhole, true);
  assert.equal(read(chunk('Tere', 'stop'), chunk(', maailm'), done).isWhole, false);
  assert.equal(read(done).isWhole, false);
  assert.equal(read().isWhole, false);
});

test("OpenAI's own events go on as they came", () => {
  const events = [
    { type: 'transcript.text.delta', delta: 'Tere', logprobs: [] },
    { type: 'transcript.text.done', text: 'Tere', usage: { input_tokens: 3, output_tokens: 1 } },
  ].map((event) => `event: ${event.type}\n${frame(event)}`);
  const { said, summary } = read(...events);
  assert.deepEqual(said, [
    ['part', events[0]],
    ['final', events[1]],
  ]);
  assert.deepEqual(summary.usage, { promptTokens: 3, completionTokens: 1 });
});

test('an error in either form is seen as one', () => {
  for (const before of [[], [chunk('Tere')], [frame({ type: 'transcript.text.delta', delta: 'Tere' })]])
    assert.equal(read(...before, frame({ error: { message: 'secret' } })).said.at(-1)?.[0], 'error');
});
