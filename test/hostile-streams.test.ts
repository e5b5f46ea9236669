/** Streams under 200 that hide something, carry an error, or are garbage: what a client reads is what the gateway has read. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OpenPath, openPath } from './open-path.ts';
import { startTalking, type TalkingUpstream } from './talking-upstream.ts';

let upstream: TalkingUpstream;
let chat: OpenPath;
let native: OpenPath;
before(async () => {
  upstream = await startTalking();
  chat = await openPath([{ url: upstream.url }]);
  native = await openPath([{ url: upstream.url, dialect: 'anthropic' }]);
});
after(async () => {
  for (const one of [chat, native, upstream]) await one.close();
});

const messages = [{ role: 'user', content: 'Tere' }];
const bodies = {
  '/v1/chat/completions': { messages },
  '/v1/completions': { prompt: 'Tere' },
  '/v1/responses': { input: 'Tere' },
  '/v1/messages': { messages, max_tokens: 50 },
  '/v1/images/generations': { prompt: 'x' },
} as const;
type Endpoint = keyof typeof bodies;

const data = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const choice = (content: string, finish: string | null = null) => ({
  index: 0,
  delta: { content },
  text: content,
  finish_reason: finish,
});
const said = (content: string, finish: string | null = null) => data({ id: 'c', choices: [choice(content, finish)] });
const end = `${said('', 'stop')}data: [DONE]\n\n`;
const event = (body: { readonly type: string; readonly [member: string]: unknown }) =>
  `event: ${body.type}\n${data(body)}`;
const begun = [
  event({ type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } }),
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
].join('');
const word = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'word ' } });
const ended = [
  event({ type: 'content_block_stop', index: 0 }),
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } }),
  event({ type: 'message_stop' }),
].join('');

interface Sent {
  readonly stream: string;
  /** Members of the request. */
  readonly more?: object;
}

async function read(path: OpenPath, endpoint: Endpoint, { stream, more }: Sent) {
  path.forget();
  upstream.mood = (_heard, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(Buffer.from(stream));
  const response = await fetch(`${path.url}${endpoint}`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', stream: true, ...bodies[endpoint], ...more }),
  });
  const text = await response.text();
  return { status: response.status, text, outcome: path.recorder.statements().at(-1)?.predicate };
}

type Streams = Readonly<Record<string, string>>;

/** Each is a failure: a real status while nothing was sent, then the error frame, and never an end or a word of the upstream. */
async function assertFails(path: OpenPath, endpoint: Endpoint, streams: Streams): Promise<void> {
  for (const [name, stream] of Object.entries(streams)) {
    const { status, text, outcome } = await read(path, endpoint, { stream });
    const where = `${endpoint}, ${name}: ${status} ${text}`;
    assert.equal(outcome?.ended, 'failed', where);
    assert.equal(outcome?.reason, 'upstream-failed', where);
    assert.doesNotMatch(text, /SECRET|HIDDEN|\[DONE\]|message_stop|response\.completed/, where);
    if (status === 200) assert.match(text, /"error":\{/, where);
    else assert.equal(status, 502, where);
    assert.equal(path.held(), 0, where);
  }
}

const chats = ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages'] as const;

const hidden: Streams = {
  'data behind a carriage return': `${said('a')}: x\r${said('HIDDEN').replaceAll('\n', '\r')}${data({ error: { message: 'SECRET' } })}${end}`,
  'an end behind a carriage return': `${said('a')}: x\r\rdata: [DONE]\n\n`,
  'an end behind half a line end': `${said('a')}: x\r\ndata: y\rdata: [DONE]\n\n`,
};
const errors: Streams = {
  'an object that is an error': said('a') + data({ object: 'error', message: 'SECRET', code: 500 }),
  'an event that is an error': `${said('a')}event: error\ndata: {"message":"SECRET"}\n\n`,
  'a type that is an error': said('a') + data({ type: 'error', message: 'SECRET' }),
  'an object without choices': said('a') + data({ message: 'SECRET', code: 500 }),
  'an error in a choice':
    said('a') + data({ choices: [{ ...choice('', 'error'), error: { message: 'SECRET' } }] }) + end,
  'an end by error': `${said('a') + said('', 'error')}data: [DONE]\n\n`,
  'an error first': 'event: error\ndata: SECRET\n\n',
};
const garbage: Streams = Object.fromEntries([
  ...[[null], {}, 5, 'x', ['x'], [[]]].flatMap((choices) => [
    [`first ${JSON.stringify(choices)}`, data({ choices }) + end],
    [`then ${JSON.stringify(choices)}`, said('a') + data({ choices }) + end],
  ]),
  ['an array', said('a') + data([]) + end],
  ['no JSON', `${said('a')}data: {\n\n${end}`],
  ['ends without a reason', `${said('a', '') + said('b', '')}data: [DONE]\n\n`],
]);
const garbageDeltas: Streams = Object.fromEntries(
  [5, 'x', [1], { tool_calls: [null] }, { tool_calls: [5] }, { tool_calls: {} }].map((delta) => [
    JSON.stringify(delta),
    said('a') + data({ choices: [{ index: 0, delta, finish_reason: null }] }) + end,
  ]),
);

for (const endpoint of chats) {
  test(`${endpoint}: nothing hides behind a carriage return`, () => assertFails(chat, endpoint, hidden));
  test(`${endpoint}: an error inside a 200 is one, and its words stay here`, () => assertFails(chat, endpoint, errors));
  test(`${endpoint}: garbage is no answer and no fault of ours`, async () => {
    await assertFails(chat, endpoint, garbage);
    if (endpoint !== '/v1/completions') await assertFails(chat, endpoint, garbageDeltas);
  });
}

test('native Messages: what hides, errors and garbage are failures', () =>
  assertFails(native, '/v1/messages', {
    'data behind a carriage return': `${begun + word}: x\r\rdata: {"type":"error","error":{"message":"SECRET"}}\n\n${ended}`,
    'an end behind a carriage return': `${begun + word}: x\r\revent: message_stop\rdata: {"type":"message_stop"}\n\n`,
    'an error without a type': `${begun + word}event: error\ndata: {"error":{"message":"SECRET"}}\n\n`,
    'an unnamed error without a type': `${begun + word}data: {"error":{"message":"SECRET"}}\n\n`,
    'an error that says it is a ping': `${begun + word}event: error\ndata: {"type":"ping","message":"SECRET"}\n\n`,
    'no type': `${begun + word}data: {"message":"SECRET"}\n\n`,
    'an array': `${begun + word}data: []\n\n${ended}`,
    'an empty reason': begun + word + event({ type: 'message_delta', delta: { stop_reason: '' } }),
    'a word that is none': begun + event({ type: 'content_block_delta', delta: 5 }) + ended,
  }));

test('a picture that ends in an error of its type is a failure', () =>
  assertFails(chat, '/v1/images/generations', {
    typed: data({ type: 'image_generation.partial_image' }) + data({ type: 'error', message: 'SECRET' }),
    named: `event: error\ndata: {"message":"SECRET"}\n\n`,
    array: data([]),
  }));

test('comments of an upstream stay here, also those within an event, and the rest passes as it came', async () => {
  const stream = `: SECRET host\n\n${said('a')}: SECRET\ndata: {"choices":[]}\n\n:SECRET\r\n\r\nhost: SECRET\n\nid: 7\n${said('b')}${end}`;
  const { status, text, outcome } = await read(chat, '/v1/chat/completions', { stream });
  assert.deepEqual([status, outcome?.ended], [200, 'complete']);
  assert.equal(text, `${said('a')}data: {"choices":[]}\n\nid: 7\n${said('b')}${end}`);
});

test('behind a comment, an error is still a real status', async () => {
  const { status } = await read(chat, '/v1/chat/completions', {
    stream: `: wait\n\n${data({ error: { message: 'SECRET' } })}`,
  });
  assert.equal(status, 502);
});

test('a byte order mark hides no event', async () => {
  const { text, outcome } = await read(chat, '/v1/chat/completions', { stream: `\ufeff${said('Tere')}${end}` });
  assert.equal(text, said('Tere') + end);
  assert.equal(outcome?.usage.completionTokens, 1);
});

test('a usage that is none goes to nobody who did not ask for it; chunks without choices pass', async () => {
  const filtered = data({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] });
  for (const endpoint of ['/v1/chat/completions', '/v1/completions'] as const) {
    for (const usage of [{ prompt_tokens: -5, completion_tokens: 3 }, 'many', {}]) {
      const stream = `${filtered + said('a') + said('', 'stop') + data({ choices: [], usage })}data: [DONE]\n\n`;
      const { text, outcome } = await read(chat, endpoint, { stream });
      assert.equal(outcome?.ended, 'complete');
      assert.equal(text, filtered + said('a') + end);
      const wanted = await read(chat, endpoint, { stream, more: { stream_options: { include_usage: true } } });
      assert.equal(wanted.text, stream);
    }
  }
});

test('native Messages without a final count are billed by what came, and the record says so', async () => {
  const words = word.repeat(200);
  const last = (usage: object) => event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, ...usage });
  for (const stream of [
    begun + words + last({}),
    begun + words + last({ usage: {} }),
    begun + words + last({ usage: null }),
    begun + words + last({ usage: 'many' }),
    begun + words + last({ usage: { output_tokens: -3 } }),
    begun + words,
  ]) {
    const { outcome } = await read(native, '/v1/messages', { stream, more: { max_tokens: 500 } });
    const { completionTokens, source } = outcome?.usage ?? {};
    assert.deepEqual({ completionTokens, source }, { completionTokens: 200, source: 'counted' }, stream.slice(-200));
  }
});
