/** Whatever is asked under /v1, the answer has the shape that its client reads and an id; and HTTP itself is taken strictly. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { sendRaw, statusesOf } from '../raw-http.ts';
import { type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;

before(async () => {
  upstream = await startUpstream();
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
});
after(async () => {
  await polity.dispose();
  await upstream.close();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly requestId: string;
  readonly isClosed: boolean;
  readonly body: Record<string, unknown>;
}

const readHeader = (head: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';

function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n');
  return body !== undefined && body.length === Number(readHeader(head, 'content-length'));
}

/** One answer, read without a client that would mend the request or the answer. */
async function send(bytes: string): Promise<Answer> {
  const { text, isClosed } = await sendRaw(polity.port, [bytes], { gapMs: 0, isWhole });
  assert.equal(statusesOf(text).length, 1, text);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const read = (name: string) => readHeader(head, name);
  assert.equal(Number(read('content-length')), body.length, text);
  const [status = 0] = statusesOf(head);
  return { status, isClosed, type: read('content-type'), requestId: read('x-request-id'), body: JSON.parse(body) };
}

interface Wish {
  readonly method?: string;
  readonly key?: string;
  /** Whole lines. */
  readonly more?: string;
  readonly body?: string;
  readonly host?: string;
}

function requestOf(target: string, wish: Wish = {}): string {
  const { method = 'GET', key = polity.apiKey, more = '', body = '', host = 'host: x\r\n' } = wish;
  const length = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return `${method} ${target} HTTP/1.1\r\n${host}authorization: Bearer ${key}\r\n${more}${length}\r\n${body}`;
}

function expectProblem(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer));
  assert.equal(answer.type, 'application/problem+json');
  assert.match(answer.requestId, /^[0-9a-f]{32}$/);
  assert.equal(answer.body.instance, `urn:request:${answer.requestId}`);
  assert.equal(typeof (answer.body.error as { message: unknown }).message, 'string');
}

function expectAnthropic(answer: Answer, status: number, type: string): void {
  assert.deepEqual([answer.status, answer.body.type], [status, 'error'], JSON.stringify(answer));
  assert.equal((answer.body.error as { type: string }).type, type);
  assert.match(answer.requestId, /^[0-9a-f]{32}$/);
  assert.equal(answer.body.request_id, answer.requestId);
}

const anthropic = { more: 'anthropic-version: 2023-06-01\r\n' };
const chat = JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Tere' }] });
const CHAT = '/v1/chat/completions';

test('what succeeds outside the inference path carries its request id', async () => {
  for (const path of ['/v1/models', '/v1/files', '/v1/batches', '/v1/usage', '/healthz']) {
    const answer = await send(requestOf(path));
    assert.equal(answer.status, 200, path);
    assert.match(answer.requestId, /^[0-9a-f]{32}$/, path);
  }
});

test('an address that cannot be read is a problem', async () => {
  for (const path of ['/v1/files/%ff', '/v1/files/%', '/v1/files/%zz/content'])
    expectProblem(await send(requestOf(path)), 400, 'invalid-request');
});

test('a name longer than any is not found', async () => {
  expectProblem(await send(requestOf(`/v1/files/${'a'.repeat(300)}`)), 404, 'not-found');
  expectAnthropic(await send(requestOf(`/v1/models/${'a'.repeat(300)}`, anthropic)), 404, 'not_found_error');
});

test('a base address with `/v1` too few or too many is told apart from what is not served', async () => {
  const json = 'content-type: application/json\r\n';
  const message = ({ body }: Answer) => String((body.error as { message: unknown }).message);
  for (const [path, meant] of [
    ['/chat/completions', '/v1/chat/completions'],
    ['/openai/deployments/x/embeddings?api-version=1', '/v1/embeddings'],
    ['//v1/chat/completions', '/v1/chat/completions'],
    ['/v1/responses/', '/v1/responses'],
    ['/models', '/v1/models'],
  ] as const) {
    const answer = await send(requestOf(path, { method: 'POST', body: chat }));
    expectProblem(answer, 404, 'not-found');
    assert.ok(message(answer).includes(`if \`${meant}\` is meant`), message(answer));
  }
  const twice = await send(requestOf('/v1/v1/messages', { method: 'POST', body: chat, ...anthropic }));
  expectAnthropic(twice, 404, 'not_found_error');
  assert.match(message(twice), /if `\/v1\/messages` is meant/);
  for (const path of ['/v1/threads/t/messages', '/v1/vector_stores/v/files', '/v1/uploads', '/v1/responses/r/cancel']) {
    const answer = await send(requestOf(path, { method: 'POST', more: json }));
    expectProblem(answer, 404, 'not-found');
    assert.doesNotMatch(message(answer), /meant/);
  }
});

test("Anthropic's clients are told that their files are not served, and get none of OpenAI's", async () => {
  for (const [path, method] of [
    ['/v1/files', 'GET'],
    ['/v1/files?beta=true', 'POST'],
    ['/v1/files/none/content', 'GET'],
  ] as const) {
    const answer = await send(requestOf(path, { ...anthropic, method }));
    expectAnthropic(answer, 404, 'not_found_error');
    assert.match(String((answer.body.error as { message: unknown }).message), /send documents inside the messages/);
  }
});

test("rerank is where Cohere's clients of either version ask for it", async () => {
  for (const path of ['/v1/rerank', '/v2/rerank']) {
    expectProblem(await send(requestOf(path)), 405, 'method-not-allowed');
    const body = JSON.stringify({ model: 'nobody', query: 'q', documents: ['a'] });
    expectProblem(await send(requestOf(path, { method: 'POST', body })), 404, 'unknown-model');
  }
});

test('U+0000 in an address names nothing, and in a query is refused with its parameter', async () => {
  for (const path of ['/v1/files/%00', '/v1/files/a%00b/content', '/v1/batches/%00', '/v1/responses/%00'])
    expectProblem(await send(requestOf(path)), 404, 'not-found');
  for (const [path, param] of [
    ['/v1/files?after=%00', 'after'],
    ['/v1/batches?limit=1&after=a%00', 'after'],
    ['/v1/files?purpose=%00', 'purpose'],
    ['/v1/usage?group_by=%00', 'group_by'],
    ['/api/record/entries?log=%00', 'log'],
  ] as const) {
    const answer = await send(requestOf(path));
    expectProblem(answer, 400, 'invalid-request');
    assert.equal((answer.body.error as { param: unknown }).param, param);
  }
});

test("Anthropic's clients get its shape for models, wrong keys included", async () => {
  const bad = { ...anthropic, key: 'bad' };
  expectAnthropic(await send(requestOf('/v1/models', bad)), 401, 'authentication_error');
  expectAnthropic(await send(requestOf('/v1/models/x', bad)), 401, 'authentication_error');
  expectAnthropic(await send(requestOf('/v1/models/x', anthropic)), 404, 'not_found_error');
  expectProblem(await send(requestOf('/v1/models/x', { key: 'bad' })), 401, 'invalid-key');
});

test("Anthropic's clients learn how much a model reads and writes", async () => {
  const { status, body } = await send(requestOf('/v1/models', anthropic));
  const [model] = body.data as Record<string, unknown>[];
  const { type, id, max_input_tokens, max_tokens } = model ?? {};
  assert.deepEqual(
    [status, type, id, max_input_tokens, max_tokens],
    [200, 'model', 'smollm2-135m-instruct', 8192, 2048],
  );
});

test("below /v1/messages everything has Anthropic's shape", async () => {
  expectAnthropic(await send(requestOf('/v1/messages/batches')), 404, 'not_found_error');
  expectAnthropic(await send(requestOf('/v1/messages/batches/a', { method: 'DELETE' })), 404, 'not_found_error');
  expectAnthropic(await send(requestOf('/v1/messages/%ff')), 400, 'invalid_request_error');
  expectProblem(await send(requestOf('/v1/messagesx')), 404, 'not-found');
});

test('a request without a host, or with two, is refused', async () => {
  for (const host of ['', 'host: x\r\nhost: y\r\n', 'host: x\r\nHOST: x\r\n']) {
    for (const request of [requestOf('/v1/models', { host }), requestOf(CHAT, { method: 'POST', host, body: chat })]) {
      const answer = await send(request);
      expectProblem(answer, 400, 'invalid-request');
      assert.equal(answer.isClosed, true);
    }
  }
  expectAnthropic(await send(requestOf('/v1/messages', { method: 'POST', host: '' })), 400, 'invalid_request_error');
  const old = requestOf('/v1/models', { host: '' }).replace('HTTP/1.1', 'HTTP/1.0');
  assert.equal((await send(old)).status, 200, 'HTTP/1.0 knows no host');
});

test('a transfer coding other than chunked is refused', async () => {
  const body = `${chat.length.toString(16)}\r\n${chat}\r\n0\r\n\r\n`;
  const coded = (coding: string) =>
    `${requestOf(CHAT, { method: 'POST', more: `content-type: application/json\r\ntransfer-encoding: ${coding}\r\n` })}${body}`;
  for (const coding of ['gzip, chunked', 'gzip\r\ntransfer-encoding: chunked', 'gzip,chunked']) {
    const answer = await send(coded(coding));
    expectProblem(answer, 400, 'invalid-request');
    assert.equal(answer.isClosed, true);
  }
  assert.equal((await send(coded('Chunked'))).status, 200);
});

test('an expectation that nobody knows is refused', async () => {
  const more = 'expect: foo\r\n';
  expectProblem(await send(requestOf(CHAT, { method: 'POST', more, body: chat })), 400, 'invalid-request');
});

test('an address with scheme and host is understood', async () => {
  for (const place of ['http://127.0.0.1', `http://127.0.0.1:${polity.port}`, 'HTTPS://x'])
    assert.equal((await send(requestOf(`${place}${CHAT}`, { method: 'POST', body: chat }))).status, 200, place);
  assert.equal((await send(requestOf('http://x/v1/models?a=b'))).status, 200);
  expectAnthropic(await send(requestOf('http://x/v1/messages')), 405, 'invalid_request_error');
  expectProblem(await send(requestOf('http://x?a=/v1/models', { method: 'POST' })), 405, 'method-not-allowed');
});
