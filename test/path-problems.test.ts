/** Problems in which a request may end on the path, each with what its client is told, what was sent and what was recorded. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type OpenPath, openPath } from './open-path.ts';
import { type Answering, type RecordingUpstream, startUpstream } from './recording-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Opened {
  readonly up: RecordingUpstream;
  readonly path: OpenPath;
}

async function opened(answer: Answering, wish?: Parameters<typeof openPath>[1], more?: string): Promise<Opened> {
  const up = await startUpstream(answer);
  open.push(up);
  const path = await openPath([{ url: up.url, ...(more === undefined ? {} : { more }) }], wish);
  open.push(path);
  return { up, path };
}

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { readonly error: Record<string, unknown> };
}

async function ask({ path }: Opened, more: object = {}, endpoint = '/v1/chat/completions'): Promise<Told> {
  const response = await fetch(`${path.url}${endpoint}`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', max_tokens: 8, messages: [{ role: 'user', content: 'Tere' }], ...more }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Told['body'] };
}

/** What holds soon, because the other end has still to read or to leave. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (await holds()) return;
    await delay(20);
  }
  assert.fail('it does not hold after two seconds');
}

const says =
  (status: number, error: object, headers: Record<string, string> = {}): Answering =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));

const endings = ({ path }: Opened) => path.recorder.statements().map(({ predicate }) => predicate.ended);

test('an upstream that took too long is `upstream-timeout`: asked once, for it may have been billed', async () => {
  for (const status of [408, 504]) {
    const one = await opened(says(status, { message: 'secret words' }));
    const { status: told, body, headers } = await ask(one);
    assert.deepEqual([told, body.code, headers.get('x-should-retry')], [504, 'upstream-timeout', 'false']);
    assert.equal(JSON.stringify(body).includes('secret words'), false);
    assert.deepEqual([one.up.requests.length, endings(one), one.path.held()], [1, ['failed'], 0]);
  }
});

test('an answer that is not whole within `answerMs` of the charter is `upstream-timeout`, and its call is broken off', async () => {
  const edits = { 'charter.yaml': [/$/, '\nbounds:\n  answerMs: 1000\n'] } as const;
  const begin: Answering = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  const one = await opened(begin, { edits });
  const { status, body } = await ask(one);
  assert.deepEqual([status, body.code, endings(one), one.path.held()], [504, 'upstream-timeout', ['failed'], 0]);
  for (let turn = 0; one.up.aborted() === 0 && turn < 100; turn++) await new Promise((done) => setTimeout(done, 10));
  assert.equal(one.up.aborted(), 1);
});

test('large bodies have so much room together, half of it for one key: beyond it `overloaded`, and nothing was sent', async () => {
  const edits = {
    'charter.yaml': [/$/, '\nbounds: { bodyBytesMax: 600000, audioBytesMax: 600000, heldBytesMax: 1200000 }\n'],
  } as const;
  const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }] };
  const one = await opened(
    (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
    { edits },
  );
  const body = JSON.stringify({
    max_tokens: 8,
    messages: [{ role: 'user', content: 'x'.repeat(500_000) }],
    model: 'auto',
  });
  const slow = request(`${one.path.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json', 'content-length': body.length },
  });
  const first = once(slow, 'response') as Promise<[IncomingMessage]>;
  await new Promise<void>((sent) => slow.write(body.slice(0, 450_000), () => sent()));
  const content = 'y'.repeat(400_000);
  await eventually(async () => {
    const second = await ask(one, { messages: [{ role: 'user', content }] });
    return second.status === 503 && second.body.code === 'overloaded' && second.headers.get('retry-after') === '1';
  });
  assert.equal((await ask(one)).status, 200);
  slow.end(body.slice(450_000));
  const [{ statusCode }] = await first;
  assert.equal(statusCode, 200);
  await eventually(async () => (await ask(one, { messages: [{ role: 'user', content }] })).status === 200);
});

test('a prompt too long for the model is `context-length-exceeded`, with the code that clients know', async () => {
  const code = 'context_length_exceeded';
  const one = await opened(says(400, { message: 'secret words', code, param: 'messages' }));
  const { status, body, headers } = await ask(one);
  const [ours, page] = ['context-length-exceeded', String(body.type)];
  assert.deepEqual([status, page.split('/').at(-1)], [400, ours]);
  assert.deepEqual([body.error.code, body.error.param], [code, 'messages']);
  assert.equal(JSON.stringify(body).includes('secret words'), false);
  assert.deepEqual([one.up.requests.length, endings(one)], [1, ['failed']]);
  assert.match(String(headers.get('x-receipt-id')), /^[0-9a-f]{32}$/);
});

test('a busy upstream is `overloaded` with its own wait, and who comes meanwhile is told without asking it', async () => {
  const one = await opened(says(503, { message: 'secret words' }, { 'retry-after': '7' }));
  const first = await ask(one);
  assert.deepEqual([first.status, first.body.code, first.headers.get('retry-after')], [503, 'overloaded', '7']);
  const second = await ask(one);
  assert.deepEqual([second.status, second.body.code], [503, 'overloaded']);
  assert.ok(Number(second.headers.get('retry-after')) >= 6);
  // Overload is no decision: strangers would flood the log.
  assert.deepEqual([one.up.requests.length, endings(one), one.path.held()], [1, ['failed'], 0]);
});

test('what no backend can do is `unsupported-parameter`, named, before a byte is sent, and recorded as refused', async () => {
  const one = await opened(says(200, {}), {}, 'lacks: [tools]');
  const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
  const { status, body } = await ask(one, { tools });
  assert.deepEqual([status, body.code, body.error.param], [400, 'unsupported-parameter', 'tools']);
  assert.match(String(body.detail), /`backend-0`.*`tools`/);
  assert.deepEqual([one.up.connections(), endings(one)], [0, ['refused']]);
});

test('a law that demands pseudonyms, which nobody can make yet, is `instructions-refused` with the clause', async () => {
  const demand = ['@id("ee-drafting")', '@id("ee-drafting")\n@obligation("pseudonymise")'] as const;
  const one = await opened(says(200, {}), { edits: { 'policies/permits.cedar': demand } });
  const { status, body } = await ask(one);
  assert.deepEqual([status, body.code], [422, 'instructions-refused']);
  assert.match(String(body.detail), /`ee-drafting`/);
  assert.deepEqual([one.up.connections(), endings(one)], [0, ['refused']]);
});

test('a process that is going takes no request: `stopping`, before the key is looked at, with a wait', async () => {
  const one = await opened(says(200, {}));
  one.path.stop();
  const { status, body, headers } = await ask(one);
  assert.deepEqual([status, body.code, headers.get('retry-after')], [503, 'stopping', '1']);
  assert.deepEqual([one.up.connections(), endings(one)], [0, []]);
});

test('a body that cannot be put to a backend is its caller’s fault: nothing billed, and the backend serves everybody as before', async () => {
  const answer = { choices: [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }] };
  const one = await opened((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
  );
  for (let turn = 0; turn < 8; turn++) {
    const { status, body, headers } = await ask(one, { messages: [{ role: 'user', content: [] }] }, '/v1/messages');
    assert.deepEqual([status, body.type, body.error.type], [400, 'error', 'invalid_request_error']);
    assert.notEqual(headers.get('x-should-retry'), 'true');
  }
  const spent = one.path.recorder.outcomes.flatMap((outcome) => outcome.spent.map(({ amount }) => amount));
  assert.deepEqual([one.up.requests.length, spent.some((amount) => amount > 0), one.path.held()], [0, false, 0]);
  assert.equal((await ask(one)).status, 200);
});

test('what one backend cannot be asked goes to the next that can, and to the first only once', async () => {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: 'end_turn' };
  const native = await startUpstream((_request, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...message, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } })),
  );
  const translated = await startUpstream();
  const path = await openPath([{ url: translated.url }, { url: native.url, dialect: 'anthropic' }]);
  open.push(native, translated, path);
  const one = { up: translated, path };
  const { status, body } = await ask(one, { messages: [{ role: 'user', content: [] }] }, '/v1/messages');
  assert.deepEqual([status, body.type, endings(one)], [200, 'message', ['failed', 'complete']]);
  assert.deepEqual([translated.connections(), native.requests.length, path.held()], [0, 1, 0]);
});

test('what one backend would not have got is no word about the answer of another', async () => {
  const answer: Answering = (_request, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"choices":[{"index":0,"message":{"role":"assistant","content":"Tere"},"finish_reason":"stop"}]}');
  const broken = await startUpstream(says(500, {}));
  const sound = await startUpstream(answer);
  const path = await openPath([{ url: broken.url }, { url: sound.url, more: 'passes: [top_k]' }]);
  open.push(broken, sound, path);
  const { status, headers } = await ask({ up: sound, path }, { top_k: 5 });
  assert.deepEqual([status, headers.get('x-polity-dropped')], [200, null]);
  assert.match(sound.requests[0]?.body ?? '', /"top_k":5/);
});

test('a stream that begins as none goes on to the next backend, as any garbage does', async () => {
  const stream =
    (text: string): Answering =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  const broken = await startUpstream(stream('data: {no json\n\n'));
  const sound = await startUpstream(
    stream('data: {"choices":[{"index":0,"delta":{"content":"Tere"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'),
  );
  const path = await openPath([{ url: broken.url }, { url: sound.url }]);
  open.push(broken, sound, path);
  const response = await fetch(path.url, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Tere' }], stream: true }),
  });
  assert.match(await response.text(), /Tere.*\[DONE\]/s);
  assert.deepEqual(endings({ up: sound, path }), ['failed', 'complete']);
});
