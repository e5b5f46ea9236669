import assert from 'node:assert/strict';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { answering, listen, openPort, readBody, runCall, speaking } from '../../test/call-upstream.ts';
import { Secret } from './resolve-secret.ts';

test('the exact bytes go to the path below the base address, with the key and without any other header of note', async (t) => {
  const base = await answering(t, async (request, response) => {
    const body = await readBody(request);
    response.setHeader('content-type', 'Application/JSON; charset=utf-8');
    response.end(JSON.stringify({ body, url: request.url, method: request.method, headers: request.headers }));
  });
  const { start, text, ended } = await runCall(openPort(t, base, { key: new Secret('sk-1') }));
  assert.deepEqual(start, { status: 200, contentType: 'application/json' });
  const { body, url, method, headers } = JSON.parse(text);
  assert.deepEqual([body, url, method, ended], ['{"a":1}', '/v1/chat/completions', 'POST', true]);
  assert.equal(headers.authorization, 'Bearer sk-1');
  assert.deepEqual(Object.keys(headers).sort(), [
    'accept',
    'accept-encoding',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
    'traceparent',
  ]);
});

test('statuses of the upstream pass through; `retry-after` is read as seconds and as a date', async (t) => {
  const waits = ['7', new Date(Date.now() + 3_600_000).toUTCString(), 'soon'];
  const base = await answering(t, (_request, response) =>
    response.writeHead(429, { 'retry-after': waits.shift() ?? '' }).end('x'),
  );
  const port = openPort(t, base);
  const seconds = await runCall(port);
  assert.deepEqual(seconds.start, { status: 429, contentType: '', retryAfterMs: 7_000 });
  const { retryAfterMs = 0 } = (await runCall(port)).start ?? {};
  assert.ok(retryAfterMs > 3_500_000 && retryAfterMs <= 3_600_000);
  assert.deepEqual((await runCall(port)).start, { status: 429, contentType: '' });
  const broken = await answering(t, (_request, response) => response.writeHead(500).end('oh'));
  const { start, text, ended } = await runCall(openPort(t, broken));
  assert.deepEqual([start?.status, text, ended], [500, 'oh', true]);
});

test('a redirect is a failure, and nobody asks its target', async (t) => {
  let asked = 0;
  const target = await answering(t, (_request, response) => {
    asked++;
    response.end();
  });
  const base = await answering(t, (_request, response) => response.writeHead(307, { location: target }).end());
  const { start, failure } = await runCall(openPort(t, base));
  assert.deepEqual([start, failure?.kind, asked], [null, 'garbage', 0]);
});

const faults: readonly { title: string; bytes: string; kind: string; started: boolean }[] = [
  { title: 'no HTTP', bytes: 'SSH-2.0-OpenSSH_9.9\r\n\r\n', kind: 'garbage', started: false },
  {
    title: 'headers without end',
    bytes: `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    kind: 'garbage',
    started: false,
  },
  {
    title: 'chunks of something packed',
    bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    kind: 'garbage',
    started: false,
  },
  { title: 'nothing', bytes: '', kind: 'cut', started: false },
  { title: 'half a head', bytes: 'HTTP/1.1 200 O', kind: 'cut', started: false },
  {
    title: 'fewer bytes than promised',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc',
    kind: 'cut',
    started: true,
  },
  {
    title: 'chunks without an end',
    bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
    kind: 'cut',
    started: true,
  },
];
for (const { title, bytes, kind, started } of faults) {
  test(`an upstream that sends ${title} and hangs up is a failure \`${kind}\`, told once`, async (t) => {
    const seen = await runCall(openPort(t, await speaking(t, (socket) => socket.end(bytes))));
    assert.deepEqual([seen.failure?.kind, seen.start !== null, seen.ended], [kind, started, false]);
    assert.equal(seen.text, started ? 'abc' : '');
  });
}

test('informational answers before the answer are not the answer', async (t) => {
  const base = await speaking(t, (socket) =>
    socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  );
  const { start, text, ended } = await runCall(openPort(t, base));
  assert.deepEqual([start?.status, text, ended], [200, 'ok', true]);
});

test('nobody listening is `unreachable`, which another route may answer', async (t) => {
  const server = createTcpServer();
  const base = await listen(t, server);
  await new Promise((resolve) => server.close(resolve));
  const { failure } = await runCall(openPort(t, base));
  assert.equal(failure?.kind, 'unreachable');
});

test('silence before the head and between two pieces ends as `timeout`', async (t) => {
  const silent = await speaking(t, () => {});
  assert.equal((await runCall(openPort(t, silent, { headersMs: 100 }))).failure?.kind, 'timeout');
  const stalled = await speaking(t, (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
  const { failure, text } = await runCall(openPort(t, stalled, { silenceMs: 100 }));
  assert.deepEqual([failure?.kind, text], ['timeout', 'abc']);
});
