import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { answering, openPort, readBody, runCall } from '../../test/call-upstream.ts';

function never(): void {
  assert.fail('an event of a call that was aborted');
}

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
  const { failure } = await runCall(openPort(t, base), { deadlineMs: 200 });
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
  const port = openPort(t, base);
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
  const port = openPort(t, base, { connections: 1 });
  const first = runCall(port);
  const waiting = port.call(
    { path: '/x', body: Buffer.from('"never"'), deadlineMs: 10_000 },
    { onStart: never, onData: never, onEnd: never, onFailure: never },
  );
  waiting.abort();
  while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  release();
  assert.equal((await first).text, 'one');
  await runCall(port);
  assert.deepEqual(asked, ['{"a":1}', '{"a":1}']);
});

test('connections are kept and used again', async (t) => {
  const sockets = new Set<Socket>();
  const base = await answering(t, (request, response) => {
    sockets.add(request.socket);
    response.end('ok');
  });
  const port = openPort(t, base, { connections: 1 });
  for (let turn = 0; turn < 5; turn++) await runCall(port);
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
  const { text, ended } = await runCall(openPort(t, base), {
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
    const port = openPort(t, base.replace('127.0.0.1', host), { allowPrivateAddress: false });
    assert.equal((await runCall(port)).failure?.kind, 'unreachable', host);
    assert.equal(port.obstacle() === null, host === 'localhost', host);
  }
  assert.equal(asked, 0);
});
