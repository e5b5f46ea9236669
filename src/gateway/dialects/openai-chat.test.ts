import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '../../charter/schema.ts';
import { openaiChat } from './openai-chat.ts';

const message = { role: 'user', content: 'Tere' };
const backend = { model: 'm', maxOutputTokens: 100 } as Backend;
const chunk = (body: unknown) => Buffer.from(`data: ${JSON.stringify(body)}\n\n`);
const delta = (content: string, finish: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason: finish }],
});
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };

test('each wrong field is named', () => {
  const table: [unknown, string | undefined][] = [
    [{ model: 'm' }, 'messages'],
    [{ model: 'm', messages: [] }, 'messages'],
    [{ model: 'm', messages: [{ role: 'king', content: 'x' }] }, 'messages[0].role'],
    [{ model: 'm', messages: [message], max_tokens: -1 }, 'max_tokens'],
    [{ model: 'm', messages: [message], max_tokens: 'ten' }, 'max_tokens'],
    [{ model: 'm', messages: [message], temperature: 9 }, 'temperature'],
    [{ model: 7, messages: [message] }, 'model'],
    [[], undefined],
    [null, undefined],
    ['text', undefined],
  ];
  for (const [body, param] of table) {
    assert.throws(
      () => openaiChat.parse(body),
      (problem: { code: string; extras: { param?: string } }) => {
        assert.equal(problem.code, 'invalid-request');
        assert.equal(problem.extras.param, param);
        return true;
      },
    );
  }
});

test('the upstream is asked for usage and for no more tokens than were reserved', () => {
  const inquiry = openaiChat.parse({ model: 'm', messages: [message], stream: true, max_tokens: 5000, x: 1 });
  const body = JSON.parse(
    Buffer.from(openaiChat.upstreamBody(inquiry, { ...backend, upstreamModel: 'org/m' })).toString(),
  );
  assert.deepEqual(body, {
    model: 'org/m',
    messages: [message],
    stream: true,
    max_tokens: 100,
    x: 1,
    stream_options: { include_usage: true },
  });
});

test('from the frame that finishes the answer on, everything waits for the record', () => {
  const reader = openaiChat.streamReader(openaiChat.parse({ model: 'm', messages: [message], stream: true }));
  const frames = [
    chunk(delta('Te')),
    chunk(delta('re')),
    chunk(delta('', 'stop')),
    chunk(usage),
    Buffer.from('data: [DONE]\n\n'),
  ].flatMap((bytes) => reader.feed(bytes).map((frame) => frame.kind));
  assert.deepEqual(frames, ['part', 'part', 'final', 'withheld', 'final']);
  assert.equal(reader.isComplete(), true);
  assert.deepEqual(reader.summary(), {
    texts: ['Tere'],
    finishReason: 'stop',
    usage: { promptTokens: 3, completionTokens: 2 },
    deltas: 2,
  });
});

test('usage reaches the client only when it asked for it', () => {
  const body = { model: 'm', messages: [message], stream: true, stream_options: { include_usage: true } };
  const reader = openaiChat.streamReader(openaiChat.parse(body));
  assert.deepEqual(
    [...reader.feed(chunk(delta('x', 'stop'))), ...reader.feed(chunk(usage))].map((frame) => frame.kind),
    ['final', 'final'],
  );
});

test('a negative or mistyped usage is no usage', () => {
  for (const wrong of [
    { prompt_tokens: -1, completion_tokens: 2 },
    { prompt_tokens: '3', completion_tokens: 2 },
    {},
    null,
  ]) {
    const answer = { choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'stop' }], usage: wrong };
    assert.equal(openaiChat.readWhole(Buffer.from(JSON.stringify(answer)))?.usage, null);
  }
});

test('what is no answer is not taken for one', () => {
  for (const bytes of ['', '<html>', '{}', 'null', '[]', '{"error":{"message":"x"},"choices":[]}']) {
    assert.equal(openaiChat.readWhole(Buffer.from(bytes)), null);
  }
});

test('an upstream error inside a stream is seen as one', () => {
  const reader = openaiChat.streamReader(openaiChat.parse({ model: 'm', messages: [message], stream: true }));
  assert.deepEqual(
    reader.feed(chunk({ error: { message: 'secret of the upstream' } })).map((frame) => frame.kind),
    ['error'],
  );
});
