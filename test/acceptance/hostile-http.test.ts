/** What strangers and broken clients send: each gets a clear problem, and the server stays up with a flat memory. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { charterVariant, servedBy } from '../charter-variant.ts';
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

interface Problem {
  readonly code: string;
  readonly error: { message: string; type: string; code: string; param: string | null };
  readonly [member: string]: unknown;
}

async function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<{ status: number; problem: Problem; headers: Headers }> {
  const response = await fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${polity.apiKey}`, 'content-type': 'application/json', ...headers },
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, problem: (await response.json()) as Problem, headers: response.headers };
}

function expectProblem(found: { status: number; problem: Problem }, status: number, code: string): void {
  assert.deepEqual([found.status, found.problem.code], [status, code], JSON.stringify(found.problem));
  assert.equal(typeof found.problem.error.message, 'string');
  assert.equal(typeof found.problem.error.type, 'string');
  assert.doesNotMatch(JSON.stringify(found.problem), /\bat .*\.ts:\d+|node:internal/, 'no stack trace');
}

const message = { role: 'user', content: 'Tere' };
const chat = (more: object) => JSON.stringify({ model: 'auto', messages: [message], ...more });

/** Sends raw bytes and gives everything that came back until the server closed or went quiet. */
function raw(bytes: string | Buffer, more?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(polity.port, '127.0.0.1');
    let text = '';
    socket.setTimeout(30_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(text) : reject(error),
    );
    socket.on('close', () => resolve(text));
    socket.write(bytes);
    more?.(socket);
  });
}

const head = (more: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${polity.apiKey}\r\ncontent-type: application/json\r\n${more}`;

test('malformed JSON', async () => expectProblem(await post('{"model":'), 400, 'malformed-json'));
test('an empty body', async () => expectProblem(await post(''), 400, 'malformed-json'));
test('invalid UTF-8', async () =>
  expectProblem(await post(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400, 'malformed-json'));
test('a hundred thousand nested arrays', async () =>
  expectProblem(
    await post(`{"model":"auto","messages":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    400,
    'malformed-json',
  ));
test('a body of 20 MB', async () =>
  expectProblem(await post(chat({ pad: 'x'.repeat(20_000_000) })), 413, 'body-too-large'));
test('a negative max_tokens', async () => {
  const found = await post(chat({ max_tokens: -5 }));
  expectProblem(found, 400, 'invalid-request');
  assert.equal(found.problem.error.param, 'max_tokens');
});
test('an unknown model', async () => expectProblem(await post(chat({ model: 'hal-9000' })), 404, 'unknown-model'));
test('a wrong key', async () =>
  expectProblem(await post(chat({}), { authorization: 'Bearer pk_nobody' }), 401, 'invalid-key'));
test('another media type', async () =>
  expectProblem(await post('model=auto', { 'content-type': 'text/plain' }), 415, 'unsupported-media-type'));
test('a content coding', async () =>
  expectProblem(await post(chat({}), { 'content-encoding': 'gzip' }), 415, 'unsupported-media-type'));
test('another method', async () => {
  const response = await fetch(`${polity.url}/v1/chat/completions`);
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'POST');
  assert.equal(((await response.json()) as Problem).code, 'method-not-allowed');
});
test('another method, of whatever is there', async () => {
  for (const [line, allow] of [
    ['PUT /v1/files', 'GET, HEAD, POST'],
    ['POST /v1/files/file-0', 'DELETE, GET, HEAD'],
    ['DELETE /v1/models', 'GET, HEAD'],
    ['POST /record/entries', 'GET, HEAD'],
    ['GET /api/console/playground', 'POST'],
    ['OPTIONS /healthz', 'GET, HEAD'],
  ] as const) {
    const [method = '', path] = line.split(' ');
    const response = await fetch(`${polity.url}${path}`, { method });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, allow], line);
    assert.equal(((await response.json()) as Problem).code, 'method-not-allowed');
  }
});
test('an address that does not exist', async () => {
  const response = await fetch(`${polity.url}/v2/nothing`);
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
});

test('who still sends a large body reads the answer each time: no reset eats it', async () => {
  const body = Buffer.alloc(20_000_000, ' ');
  for (let round = 0; round < 30; round += 1) expectProblem(await post(body), 413, 'body-too-large');
});

test('a body without an end, in chunks, is cut at the bound', async () => {
  const block = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  const answer = await raw(head('transfer-encoding: chunked\r\n\r\n'), (socket) => {
    const feed = () => {
      for (let i = 0; i < 16; i++) if (!socket.write(block)) break;
      if (!socket.destroyed) setTimeout(feed, 5);
    };
    feed();
  });
  assert.match(answer, /^HTTP\/1\.1 413 /);
});

test('a body that stalls is answered and the connection ends', async () => {
  const answer = await raw(head('content-length: 500\r\n\r\n{"model":'));
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.ok(answer.includes('request-timeout'));
});

test('smuggling: two lengths, length and chunks, a bad chunk size, a space before the colon', async () => {
  const attempts = [
    head('content-length: 4\r\ncontent-length: 10\r\n\r\nabcd'),
    head('content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'),
    head('transfer-encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n'),
    head('content-length : 4\r\n\r\nabcd'),
    head('transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n'),
  ];
  for (const attempt of attempts) {
    const answer = await raw(attempt);
    assert.match(answer, /^HTTP\/1\.1 400 /, attempt.slice(-80));
    assert.equal(answer.split('HTTP/1.1 ').length, 2, 'exactly one answer');
  }
});

test('a flood of headers is refused with a problem', async () => {
  const flood = Array.from({ length: 5000 }, (_, i) => `x-${i}: ${i}\r\n`).join('');
  const answer = await raw(head(`${flood}content-length: 2\r\n\r\n{}`));
  assert.match(answer, /^HTTP\/1\.1 431 /);
  assert.ok(answer.includes('headers-too-large'));
});

test('nothing of all that reached the upstream', () => {
  assert.deepEqual(upstream.requests, []);
});

test('the server stays up and its memory flat under a thousand bad requests', async () => {
  const worker = gatewayPid(polity.child.pid as number);
  const storm = () => Promise.all(Array.from({ length: 50 }, () => post('['.repeat(2000))));
  for (let i = 0; i < 10; i++) await storm();
  const before = residentKb(worker);
  for (let i = 0; i < 20; i++) await storm();
  const grown = residentKb(worker) - before;
  assert.ok(grown < 60_000, `grew by ${grown} KB`);
  assert.equal((await fetch(`${polity.url}/healthz`)).status, 200);
});

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function gatewayPid(supervisor: number): number {
  for (const pid of readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number)) {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (line.includes('gateway')) return pid;
    if (line.includes('supervisor')) return gatewayPid(pid);
  }
  throw new Error('no gateway process');
}
