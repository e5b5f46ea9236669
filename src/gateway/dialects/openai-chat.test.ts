import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '../../charter/schema.ts';
import { sha256Hex } from '../../kit/index.ts';
import type { Asking, Inquiry, StreamReader } from '../dialect.ts';
import { openaiChat } from './openai-chat.ts';

const message = { role: 'user', content: 'Tere' };
const backend = {
  model: 'm',
  dialect: 'openai',
  maxOutputTokens: 100,
  lacks: [],
  passes: [] as string[],
} as unknown as Backend;
const chunk = (body: unknown) => Buffer.from(`data: ${JSON.stringify(body)}\n\n`);
const delta = (content: string, finish: string | null = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason: finish }],
});
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } };

function parseText(text: string): Inquiry {
  return openaiChat.parse({
    bytes: Buffer.from(text),
    contentType: 'application/json',
    jsonDepthMax: 64,
    wallMs: 0,
    shelf: null,
  }) as Inquiry;
}
const parse = (body: unknown) => parseText(JSON.stringify(body));
const asking = (body: object, to: Backend = backend): Asking =>
  parse({ model: 'm', messages: [message], ...body }).ask(to);
const streaming = (body: object = {}) => asking({ stream: true, ...body }).reader as StreamReader;
const sent = (asked: Asking) => Buffer.from(asked.body).toString();

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
      () => parse(body),
      (problem: { code: string; extras: { param?: string } }) => {
        assert.equal(problem.code, 'invalid-request');
        assert.equal(problem.extras.param, param);
        return true;
      },
    );
  }
});

test('the upstream is asked for usage and for no more tokens than were reserved', () => {
  const asked = asking({ stream: true, max_tokens: 5000 }, { ...backend, upstreamModel: 'org/m' });
  assert.deepEqual(JSON.parse(sent(asked)), {
    model: 'org/m',
    messages: [message],
    stream: true,
    max_tokens: 100,
    stream_options: { include_usage: true },
  });
});

test('what does not change leaves byte for byte as it came', () => {
  const text =
    '{ "temperature":1.0,\n "messages" : [{"role":"user","content":"\\u0054ere \\/ 1e400"}], "model":"m","seed":12345678901234567890 ,"max_tokens": 7 }';
  const inquiry = parseText(text.replace(',"seed":12345678901234567890 ', ''));
  const body = sent(inquiry.ask(backend));
  assert.equal(
    body,
    '{"temperature":1.0,\n "messages" : [{"role":"user","content":"\\u0054ere \\/ 1e400"}],"model":"m","max_tokens":7}',
  );
});

test('a field that no client knows is dropped and named, unless the backend passes it on', () => {
  const body = { guided_json: { a: 1 }, top_k: 4, x: null };
  const dropped = asking(body);
  assert.deepEqual(dropped.dropped, ['guided_json', 'top_k', 'x']);
  assert.deepEqual(Object.keys(JSON.parse(sent(dropped))), ['model', 'messages', 'max_tokens']);
  const passed = asking(body, { ...backend, passes: ['guided_json', 'top_k'] });
  assert.deepEqual(passed.dropped, ['x']);
  assert.deepEqual(JSON.parse(sent(passed)).guided_json, { a: 1 });
});

test('one bound reaches the upstream, under the name that the client chose or that the backend understands', () => {
  assert.deepEqual(JSON.parse(sent(asking({ max_completion_tokens: 9, max_tokens: 4 }))).max_completion_tokens, 9);
  assert.equal('max_tokens' in JSON.parse(sent(asking({ max_completion_tokens: 9, max_tokens: 4 }))), false);
  const newer = { ...backend, lacks: ['max_tokens'] };
  assert.equal(JSON.parse(sent(asking({ max_tokens: 4 }, newer))).max_completion_tokens, 4);
});

test('what a request makes use of is named with its place', () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
  const inquiry = parse({
    model: 'm',
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'x' }, image] },
      { role: 'tool', content: 'y' },
    ],
    tools: [{ type: 'function', function: { name: 'f' } }],
    n: 1,
    logprobs: false,
    response_format: { type: 'text' },
  });
  assert.deepEqual(inquiry.needs, [
    { name: 'tools', param: 'tools' },
    { name: 'image_url', param: 'messages[0].content[1]' },
    { name: 'tools', param: 'messages[1]' },
  ]);
  assert.ok(inquiry.mediaTokens > 0);
});

test('detectors see every text, in arguments and descriptions too, and no bytes of images', () => {
  const inquiry = parse({
    model: 'm',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'eins' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"zwei":2}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'drei' },
      { role: 'user', content: 'x', Inhalt: 'vier' },
    ],
    tools: [{ type: 'function', function: { name: 'f', description: 'fünf' } }],
  });
  const texts = inquiry.texts.reveal().join('|');
  for (const text of ['eins', 'zwei', 'drei', 'vier', 'fünf']) assert.ok(texts.includes(text), text);
  assert.ok(!texts.includes('AAAA'));
});

test('from the frame that finishes the answer on, everything waits for the record', () => {
  const reader = streaming();
  const frames = [
    chunk(delta('Te')),
    chunk(delta('re')),
    chunk(delta('', 'stop')),
    chunk(usage),
    Buffer.from('data: [DONE]\n\n'),
  ].flatMap((bytes) => reader.feed(bytes).map((frame) => frame.kind));
  assert.deepEqual(frames, ['part', 'part', 'final', 'withheld', 'final']);
  assert.deepEqual(reader.finish(), []);
  assert.deepEqual(reader.summary(), {
    textDigests: [sha256Hex('Tere')],
    finishReason: 'stop',
    usage: { promptTokens: 3, completionTokens: 2 },
    counted: 2,
  });
});

test('usage reaches the client only when it asked for it', () => {
  const reader = streaming({ stream_options: { include_usage: true } });
  assert.deepEqual(
    [...reader.feed(chunk(delta('x', 'stop'))), ...reader.feed(chunk(usage))].map((frame) => frame.kind),
    ['final', 'final'],
  );
});

test('a clean end without the reason of the end is a truncation, marked as done or not', () => {
  const reader = streaming();
  reader.feed(chunk(delta('x')));
  reader.feed(Buffer.from('data: [DONE]\n\n'));
  assert.equal(reader.finish(), null);
  const unmarked = streaming();
  unmarked.feed(chunk(delta('x', 'stop')));
  assert.deepEqual(unmarked.finish(), []);
});

test('a negative or mistyped usage is no usage', () => {
  for (const wrong of [
    { prompt_tokens: -1, completion_tokens: 2 },
    { prompt_tokens: '3', completion_tokens: 2 },
    {},
    null,
  ]) {
    const answer = { choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'stop' }], usage: wrong };
    const whole = asking({}).readWhole(Buffer.from(JSON.stringify(answer)), 'application/json');
    assert.equal(whole?.summary.usage, null);
  }
});

test('what is no answer is not taken for one', () => {
  for (const bytes of ['', '<html>', '{}', 'null', '[]', '{"error":{"message":"x"},"choices":[]}']) {
    assert.equal(asking({}).readWhole(Buffer.from(bytes), 'application/json'), null);
  }
});

test('an upstream error inside a stream is seen as one', () => {
  assert.deepEqual(
    streaming()
      .feed(chunk({ error: { message: 'secret of the upstream' } }))
      .map((frame) => frame.kind),
    ['error'],
  );
});
