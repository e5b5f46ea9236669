import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openUpstream, type UpstreamOptions } from './open-upstream.ts';
import type { ModelFailure, ModelPort, ModelStart, RunningCall } from './ports.ts';

async function listen(t: TestContext, server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function answering(t: TestContext, listener: RequestListener): Promise<string> {
  return listen(t, createHttpServer(listener));
}

/** Speaks raw bytes, HTTP or not, once a request has come. */
function speaking(t: TestContext, speak: (socket: Socket) => void): Promise<string> {
  return listen(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => speak(socket));
    }),
  );
}

function open(t: TestContext, baseUrl: string, more: Partial<UpstreamOptions> = {}): ModelPort {
  const port = openUpstream({ baseUrl, connections: 2, allowPrivateAddress: true, silenceMs: 5_000, ...more });
  t.after(() => port.close());
  return port;
}

interface Seen {
  start: ModelStart | null;
  text: string;
  ended: boolean;
  failure: ModelFailure | null;
}

interface Watch {
  readonly deadlineMs?: number;
  onCall?(call: RunningCall): void;
  onText?(text: string, call: RunningCall): void;
}

/** Runs one call to its end and gives all its events. */
function run(port: ModelPort, { deadlineMs = 20_000, onCall, onText }: Watch = {}): Promise<Seen> {
  const seen: Seen = { start: null, text: '', ended: false, failure: null };
  return new Promise((resolve) => {
    const call = port.call(
      { path: '/chat/completions', body: Buffer.from('{"a":1}'), deadlineMs, traceparent: '00-aa-bb-01' },
      {
        onStart: (start) => {
          assert.equal(seen.start, null, 'one start');
          seen.start = start;
        },
        onData: (chunk) => {
          seen.text += Buffer.from(chunk).toString();
          onText?.(seen.text, call);
        },
        onEnd: () => {
          seen.ended = true;
          resolve(seen);
        },
        onFailure: (failure) => {
          seen.failure = failure;
          resolve(seen);
        },
      },
    );
    onCall?.(call);
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function never(): void {
  assert.fail('an event of a call that was aborted');
}

test('the exact bytes go to the path below the base address, with the key and without any other header of note', async (t) => {
  const base = await answering(t, async (request, response) => {
    const body = await readBody(request);
    response.setHeader('content-type', 'Application/JSON; charset=utf-8');
    response.end(JSON.stringify({ body, url: request.url, method: request.method, headers: request.headers }));
  });
  const { start, text, ended } = await run(open(t, base, { key: 'sk-1' }));
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
  const port = open(t, base);
  const seconds = await run(port);
  assert.deepEqual(seconds.start, { status: 429, contentType: '', retryAfterMs: 7_000 });
  const { retryAfterMs = 0 } = (await run(port)).start ?? {};
  assert.ok(retryAfterMs > 3_500_000 && retryAfterMs <= 3_600_000);
  assert.deepEqual((await run(port)).start, { status: 429, contentType: '' });
  const broken = await answering(t, (_request, response) => response.writeHead(500).end('oh'));
  const { start, text, ended } = await run(open(t, broken));
  assert.deepEqual([start?.status, text, ended], [500, 'oh', true]);
});

test('a redirect is a failure, and nobody asks its target', async (t) => {
  let asked = 0;
  const target = await answering(t, (_request, response) => {
    asked++;
    response.end();
  });
  const base = await answering(t, (_request, response) => response.writeHead(307, { location: target }).end());
  const { start, failure } = await run(open(t, base));
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
    const seen = await run(open(t, await speaking(t, (socket) => socket.end(bytes))));
    assert.deepEqual([seen.failure?.kind, seen.start !== null, seen.ended], [kind, started, false]);
    assert.equal(seen.text, started ? 'abc' : '');
  });
}

test('informational answers before the answer are not the answer', async (t) => {
  const base = await speaking(t, (socket) =>
    socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  );
  const { start, text, ended } = await run(open(t, base));
  assert.deepEqual([start?.status, text, ended], [200, 'ok', true]);
});

test('nobody listening is `unreachable`, which another route may answer', async (t) => {
  const server = createTcpServer();
  const base = await listen(t, server);
  await new Promise((resolve) => server.close(resolve));
  const { failure } = await run(open(t, base));
  assert.equal(failure?.kind, 'unreachable');
});

test('silence before the head and between two pieces ends as `timeout`', async (t) => {
  const silent = await speaking(t, () => {});
  assert.equal((await run(open(t, silent, { silenceMs: 100 }))).failure?.kind, 'timeout');
  const stalled = await speaking(t, (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
  const { failure, text } = await run(open(t, stalled, { silenceMs: 100 }));
  assert.deepEqual([failure?.kind, text], ['timeout', 'abc']);
});

test('the deadline ends an answer that never stops, and the upstream sees it', async (t) => {
  let closed: () => void = () => {};
  const sawClose = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const base = await answering(t, (_request, response) => {
    const timer = setInterval(() => response.write('x'), 5);
    response.on('close', () => {
      clearInterval(timer);
      closed();
    });
  });
  const { failure } = await run(open(t, base), { deadlineMs: 200 });
  assert.equal(failure?.kind, 'timeout');
  await sawClose;
});

test('after an abort no event comes, the upstream sees it, and aborting again does nothing', async (t) => {
  let closed: () => void = () => {};
  const sawClose = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const base = await answering(t, (_request, response) => {
    response.write('first');
    const timer = setInterval(() => response.write('more'), 5);
    response.on('close', () => {
      clearInterval(timer);
      closed();
    });
  });
  let later = 0;
  const port = open(t, base);
  const call = port.call(
    { path: '/x', body: Buffer.from('{}'), deadlineMs: 10_000 },
    {
      onStart() {},
      onData() {
        later++;
        call.abort();
        call.abort();
      },
      onEnd: () => assert.fail('an end after the abort'),
      onFailure: () => assert.fail('a failure after the abort'),
    },
  );
  await sawClose;
  call.abort();
  assert.equal(later, 1);
});

test('a call that waits for a connection and is aborted is never sent', async (t) => {
  const asked: string[] = [];
  let release: () => void = () => {};
  const base = await answering(t, async (request, response) => {
    asked.push(await readBody(request));
    if (asked.length > 1) return void response.end();
    release = () => response.end('one');
  });
  const port = open(t, base, { connections: 1 });
  const first = run(port);
  const waiting = port.call(
    { path: '/x', body: Buffer.from('"never"'), deadlineMs: 10_000 },
    { onStart: never, onData: never, onEnd: never, onFailure: never },
  );
  waiting.abort();
  while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  release();
  assert.equal((await first).text, 'one');
  await run(port);
  assert.deepEqual(asked, ['{"a":1}', '{"a":1}']);
});

test('connections are kept and used again', async (t) => {
  const sockets = new Set<Socket>();
  const base = await answering(t, (request, response) => {
    sockets.add(request.socket);
    response.end('ok');
  });
  const port = open(t, base, { connections: 1 });
  for (let turn = 0; turn < 5; turn++) await run(port);
  assert.equal(sockets.size, 1);
});

test('a paused call holds the upstream back, and every byte comes once it goes on', async (t) => {
  const piece = 'x'.repeat(1 << 16);
  const pieces = 512;
  let sent = 0;
  let blocked: () => void = () => {};
  const wasBlocked = new Promise<void>((resolve) => {
    blocked = resolve;
  });
  const base = await answering(t, async (_request, response) => {
    for (; sent < pieces; sent++) {
      if (response.write(piece)) continue;
      const timer = setTimeout(blocked, 200);
      await new Promise((resolve) => response.once('drain', resolve));
      clearTimeout(timer);
    }
    response.end();
  });
  let isFirst = true;
  const { text, ended } = await run(open(t, base), {
    onText: (_text, call) => {
      if (!isFirst) return;
      isFirst = false;
      call.pause();
      wasBlocked.then(() => {
        assert.ok(sent < pieces, 'the upstream waits');
        call.resume();
      });
    },
  });
  assert.deepEqual([text.length, ended], [piece.length * pieces, true]);
});

test('a private address is refused unless the charter allows it: literal at once, by name when it is resolved', async (t) => {
  let asked = 0;
  const base = await answering(t, (_request, response) => {
    asked++;
    response.end();
  });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
    const port = open(t, base.replace('127.0.0.1', host), { allowPrivateAddress: false });
    assert.equal((await run(port)).failure?.kind, 'unreachable', host);
    assert.equal(port.obstacle() === null, host === 'localhost', host);
  }
  assert.equal(asked, 0);
});
