/** Requests that come before the answers to earlier ones: whatever is wrong with them, the answers before them go out whole. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { sendRaw, statusesOf } from '../raw-http.ts';
import { type RecordedRequest, type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;

before(async () => {
  upstream = await startUpstream((request, response) => void answerAsTold(request, response));
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
});
after(async () => {
  await polity.dispose();
  await upstream.close();
});

interface Told {
  readonly stream?: boolean;
  readonly messages: readonly { readonly content: string }[];
}

/** The question is the time that the answer takes, in milliseconds. */
async function answerAsTold({ body }: RecordedRequest, response: ServerResponse): Promise<void> {
  const told = JSON.parse(body) as Told;
  const takesMs = Number(told.messages.at(-1)?.content);
  const base = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'recorded' };
  if (!told.stream) {
    await delay(takesMs);
    const choices = [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }];
    const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...base, object: 'chat.completion', choices, usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frame = (content: string, finish_reason: string | null) =>
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
  response.write(frame('begin', null));
  await delay(takesMs);
  response.end(`${frame('end', 'stop')}data: [DONE]\n\n`);
}

const headOf = (length: number, key = polity.apiKey) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** A sound request whose answer takes so long. */
function ask(takesMs: number, more: object = {}): string {
  const body = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: String(takesMs) }], ...more });
  return `${headOf(body.length)}${body}`;
}

test('bytes that are no HTTP are answered behind the answer under way, not in its place', async () => {
  const { text, isClosed } = await sendRaw(polity.port, [ask(800), 'GARBAGE\r\n\r\n', 'MORE\r\n\r\n']);
  assert.deepEqual(statusesOf(text), [200, 400]);
  assert.ok(text.includes('"whole"'));
  assert.equal(isClosed, true);
});

test('behind two answers under way too', async () => {
  const { text, isClosed } = await sendRaw(polity.port, [ask(500) + ask(700), 'GARBAGE\r\n\r\n']);
  assert.deepEqual(statusesOf(text), [200, 200, 400]);
  assert.equal(isClosed, true);
});

test('so is a body whose chunks are broken', async () => {
  const broken = headOf(0).replace('content-length: 0', 'transfer-encoding: chunked');
  const { text, isClosed } = await sendRaw(polity.port, [`${ask(800)}${broken}`, 'ZZ\r\n']);
  assert.deepEqual(statusesOf(text), [200, 400]);
  assert.ok(text.includes('"whole"'));
  assert.equal(isClosed, true);
});

test('nothing is written into a stream under way', async () => {
  const { text, isClosed } = await sendRaw(polity.port, [ask(1_000, { stream: true }), 'GARBAGE\r\n\r\n']);
  assert.deepEqual(statusesOf(text), [200, 400]);
  assert.match(text, /data: \[DONE\]\n\n\r\n0\r\n\r\nHTTP\/1\.1 400 /);
  assert.equal(isClosed, true);
});

test('a stream goes to its end though the next head does not arrive in time', async () => {
  const half = 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n';
  const { text, isClosed } = await sendRaw(polity.port, [ask(13_000, { stream: true }), half], { quietMs: 20_000 });
  assert.deepEqual(statusesOf(text), [200, 408]);
  assert.match(text, /data: \[DONE\]\n\n\r\n0\r\n\r\nHTTP\/1\.1 408 /);
  assert.equal(isClosed, true);
});

test('a refusal whose body never comes waits for the answer before it', async () => {
  const refused = headOf(100, 'pk_nobody');
  const { text, isClosed } = await sendRaw(polity.port, [ask(6_500), refused], { quietMs: 20_000 });
  assert.deepEqual(statusesOf(text), [200, 401]);
  assert.ok(text.includes('"whole"'));
  assert.equal(isClosed, true);
});

test('a tunnel is refused, behind the answer before it', async () => {
  const tunnel = 'CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\n';
  for (const [pieces, statuses] of [
    [[tunnel], [400]],
    [
      [ask(800), tunnel, 'bytes'],
      [200, 400],
    ],
  ] as const) {
    const { text, isClosed } = await sendRaw(polity.port, pieces);
    assert.deepEqual(statusesOf(text), statuses);
    assert.ok(text.includes('this is no proxy'));
    assert.equal(isClosed, true);
  }
});
