/** The path over real HTTP on both sides: what is durable before what is sent, and who is called. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../src/kit/index.ts';
import { type OpenPath, openPath } from './open-path.ts';
import { type Answering, type RecordingUpstream, startUpstream } from './recording-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function upstream(answer?: Answering): Promise<RecordingUpstream> {
  const started = await startUpstream(answer);
  open.push(started);
  return started;
}

async function path(...urls: string[]): Promise<OpenPath> {
  const opened = await openPath(urls);
  open.push(opened);
  return opened;
}

function ask({ url }: OpenPath, more: object = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', max_tokens: 8, messages: [{ role: 'user', content: 'Tere' }], ...more }),
    ...(signal === undefined ? {} : { signal }),
  });
}

const streamed = { stream: true };
const piece = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const sse = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

test('step 6 fails closed: without a durable intent nothing is sent, and nothing stays reserved', async () => {
  const up = await upstream();
  const { recorder, ...rest } = await path(up.url);
  recorder.beforeIntent = () => Promise.reject(new Problem('ledger-unavailable', 'no'));
  const response = await ask({ recorder, ...rest });
  assert.equal(response.status, 503);
  assert.deepEqual([up.requests.length, up.connections(), rest.held()], [0, 0, 0]);
});

test('step 9 holds the end back: the client sees no end before the outcome is durable', async () => {
  const opened = await path((await upstream()).url);
  let letGo: () => void = () => {};
  opened.recorder.beforeOutcome = () => new Promise((resolve) => (letGo = () => resolve('recorded')));
  const response = await ask(opened, streamed);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const reading = (async () => {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) seen += read.value;
  })();
  await delay(300);
  assert.match(seen, /maailm/);
  assert.doesNotMatch(seen, /\[DONE\]|"stop"/);
  letGo();
  await reading;
  assert.match(seen, /\[DONE\]\n\n$/);
  const [statement] = opened.recorder.statements();
  const wire = statement?.subject.find(({ name }) => name === 'answer/wire')?.digest.polityCommitV1;
  const salt = Buffer.from(statement?.predicate.salts['answer/wire'] ?? '', 'base64');
  const digest = createHash('sha256').update(seen).digest();
  assert.equal(wire, createHash('sha256').update('polity-commit-v1\n').update(salt).update(digest).digest('hex'));
});

test('a whole answer waits for its record, and one that was closed meanwhile is not given', async () => {
  const opened = await path((await upstream()).url);
  opened.recorder.beforeOutcome = async () => 'superseded';
  const response = await ask(opened);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('x-should-retry'), 'false');
  assert.doesNotMatch(await response.text(), /maailm/);
});

test('a stream whose record fails ends in an error frame without [DONE]', async () => {
  const opened = await path((await upstream()).url);
  opened.recorder.beforeOutcome = () => Promise.reject(new Error('disk'));
  const text = await (await ask(opened, streamed)).text();
  assert.match(text, /"code":"ledger_unavailable"/);
  assert.doesNotMatch(text, /\[DONE\]/);
});

test('what cannot be reached is followed by the next route of the legal set, each attempt with a record of its own', async () => {
  const second = await upstream();
  const opened = await path('http://127.0.0.1:9/v1', second.url);
  const response = await ask(opened);
  assert.equal(response.status, 200);
  const [first, last] = opened.recorder.statements().map(({ predicate }) => predicate);
  assert.deepEqual([first?.ended, last?.ended, last?.attempt.number], ['failed', 'complete', 2]);
  assert.equal(last?.attempt.previous, first?.id);
  assert.equal(response.headers.get('x-receipt-id'), last?.id);
  assert.equal(opened.held(), 0);
});

test('what is wrong with one backend goes on to the next route before the first token; a refusal is final', async () => {
  const table: [number, boolean][] = [
    [429, true],
    [503, true],
    [401, true],
    [500, true],
    [302, true],
    [400, false],
    [422, false],
    [504, false],
  ];
  for (const [status, goesOn] of table) {
    const first = await upstream((_request, response) => {
      response
        .writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:9/' })
        .end('{"error":{"message":"secret"}}');
    });
    const second = await upstream();
    const response = await ask(await path(first.url, second.url));
    assert.equal(second.requests.length, goesOn ? 1 : 0, String(status));
    assert.doesNotMatch(await response.text(), /secret/);
    assert.equal(response.status, goesOn ? 200 : status, String(status));
  }
});

test('an upstream that may have billed is not to be asked again', async () => {
  const up = await upstream((_request, response) => response.destroy());
  const response = await ask(await path(up.url));
  assert.deepEqual([response.status, response.headers.get('x-should-retry')], [502, 'false']);
});

test('a stream that is cut, or says an error, ends in an error frame and is recorded as failed', async () => {
  const endings: ((response: ServerResponse) => void)[] = [
    (response) => response.destroy(),
    (response) => response.end(),
    (response) => response.end(`data: ${JSON.stringify({ error: { message: 'secret' } })}\n\n`),
    (response) => response.end('data: {not json}\n\n'),
  ];
  for (const end of endings) {
    const up = await upstream((_request, response) => {
      sse(response).write(piece('Tere'));
      setTimeout(() => end(response), 50);
    });
    const opened = await path(up.url);
    const text = await (await ask(opened, streamed)).text();
    assert.match(text, /"code":"upstream_failed"/);
    assert.doesNotMatch(text, /\[DONE\]|secret/);
    const [statement] = opened.recorder.statements();
    assert.equal(statement?.predicate.ended, 'failed');
    assert.equal(statement?.predicate.usage.source, 'counted');
    assert.equal(opened.held(), 0);
  }
});

test('an error before the first piece is a real status', async () => {
  const up = await upstream((_request, response) =>
    sse(response).end(`data: ${JSON.stringify({ error: { message: 'x' } })}\n\n`),
  );
  assert.equal((await ask(await path(up.url), streamed)).status, 502);
});

test('a client that leaves frees the upstream and is recorded as unfinished, at what was counted', async () => {
  const up = await upstream((_request, response) => void sse(response).write(piece('Tere') + piece(', ')));
  const opened = await path(up.url);
  const abort = new AbortController();
  const response = await ask(opened, streamed, abort.signal);
  await response.body?.getReader().read();
  abort.abort();
  for (let tries = 0; tries < 100 && (up.aborted() === 0 || opened.recorder.outcomes.length === 0); tries++)
    await delay(20);
  assert.equal(up.aborted(), 1);
  const [statement] = opened.recorder.statements();
  assert.deepEqual([statement?.predicate.ended, statement?.predicate.usage.completionTokens], ['unfinished', 2]);
  assert.equal(opened.held(), 0);
});

test('a client that left before the call pays nothing for it, and nobody is asked', async () => {
  const up = await upstream();
  const opened = await path(up.url);
  const abort = new AbortController();
  const recording = Promise.withResolvers<void>();
  opened.recorder.beforeIntent = () => {
    recording.resolve();
    // As long as the gateway takes to hear that the client has left.
    return delay(200);
  };
  const response = ask(opened, streamed, abort.signal);
  await recording.promise;
  abort.abort();
  await assert.rejects(response);
  for (let tries = 0; tries < 100 && opened.events.length === 0; tries++) await delay(20);
  assert.equal(opened.events[0]?.status, undefined, 'no status was sent');
  const [statement] = opened.recorder.statements();
  const { ended, usage } = statement?.predicate ?? {};
  assert.deepEqual([ended, usage?.promptTokens, usage?.source], ['unfinished', 0, 'none']);
  assert.deepEqual([up.requests.length, up.connections(), opened.held()], [0, 0, 0]);
});

test('a slow reader holds the upstream back instead of filling the memory', async () => {
  let sent = 0;
  const up = await upstream((_request, response) => {
    sse(response);
    const feed = () => {
      while (sent < 60_000_000 && !response.destroyed) {
        sent += 60_000;
        if (!response.write(piece('x'.repeat(60_000)))) return void response.once('drain', feed);
      }
      response.end();
    };
    feed();
  });
  const abort = new AbortController();
  const response = await ask(await path(up.url), streamed, abort.signal);
  await delay(800);
  const before = sent;
  await delay(400);
  assert.equal(sent, before, 'the upstream waits');
  assert.ok(sent < 40_000_000, `${sent} bytes were taken from the upstream`);
  abort.abort();
  await response.body?.cancel().catch(() => {});
});

test('the one event of a request says everything but what was said', async () => {
  const opened = await path((await upstream()).url);
  await (await ask(opened, { messages: [{ role: 'user', content: 'canary-4711' }] })).text();
  for (let tries = 0; tries < 50 && opened.events.length === 0; tries++) await delay(10);
  const [event] = opened.events;
  assert.deepEqual(
    [event?.tenant, event?.purpose, event?.ended, event?.status, event?.promptTokens],
    ['agency', 'drafting', 'complete', 200, 7],
  );
  assert.doesNotMatch(JSON.stringify(event), /canary|maailm/);
});

test('what the parser says of a broken body is in no log line', async () => {
  const opened = await path((await upstream()).url);
  const response = await fetch(opened.url, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: '{"messages": canary-4711 }',
  });
  assert.equal(response.status, 400);
  for (let tries = 0; tries < 50 && opened.events.length === 0; tries++) await delay(10);
  assert.doesNotMatch(JSON.stringify(opened.events) + (await response.text()), /canary/);
});

test('a stream that begins with something else is recorded as failed, and nothing stays reserved', async () => {
  const up = await upstream((_request, response) => sse(response).end('data: {not json}\n\n'));
  const opened = await path(up.url);
  const response = await ask(opened, streamed);
  assert.deepEqual([response.status, response.headers.get('x-should-retry')], [502, 'false']);
  assert.deepEqual([opened.recorder.statements()[0]?.predicate.ended, opened.held()], ['failed', 0]);
});

test('an attempt whose failure cannot be recorded ends the request, and nothing stays reserved', async () => {
  const second = await upstream();
  const opened = await path('http://127.0.0.1:9/v1', second.url);
  opened.recorder.beforeOutcome = () => Promise.reject(new Error('disk'));
  assert.equal((await ask(opened)).status, 503);
  assert.deepEqual([second.requests.length, opened.held()], [0, 0]);
});

test('a refusal or an intent that the ledger does not take is 503, whatever went wrong', async () => {
  const opened = await path((await upstream()).url);
  opened.recorder.beforeOutcome = () => Promise.reject(new Error('disk'));
  opened.recorder.beforeIntent = () => Promise.reject(new Error('disk'));
  const refused = await fetch(opened.url, {
    method: 'POST',
    headers: {
      authorization: 'Bearer right',
      'content-type': 'application/json',
      'x-polity-classification': 'top-secret',
    },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Tere' }] }),
  });
  assert.equal(refused.status, 503);
  assert.equal((await ask(opened)).status, 503);
  assert.equal(opened.held(), 0);
});
