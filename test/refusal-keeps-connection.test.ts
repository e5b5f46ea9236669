import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openPath } from './open-path.ts';
import { startUpstream } from './recording-upstream.ts';

const upstream = await startUpstream();
const path = await openPath([upstream.url]);
after(async () => {
  await path.close();
  await upstream.close();
});

const requestOf = (body: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer right\r\ncontent-type: application/json\r\n` +
  `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const SOUND = requestOf('{"model":"auto","messages":[{"role":"user","content":"x"}]}');

/** Status lines and what became of the connection, for pieces that are written one after another. */
async function send(pieces: readonly string[]): Promise<{ statuses: number[]; isOpen: boolean }> {
  const socket = connect(Number(new URL(path.url).port), '127.0.0.1');
  let text = '';
  let isOpen = true;
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  socket.on('close', () => {
    isOpen = false;
  });
  socket.on('error', () => {});
  for (const piece of pieces) {
    socket.write(piece);
    await delay(150);
  }
  for (let turn = 0; turn < 100 && !text.includes('chat.completion') && isOpen; turn++) await delay(20);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  const seen = { statuses, isOpen };
  socket.destroy();
  return seen;
}

test('a body that came whole and is refused leaves the connection to the next request', async () => {
  assert.deepEqual(await send([requestOf('{bad'), SOUND]), { statuses: [400, 200], isOpen: true });
  assert.deepEqual(await send([requestOf(''), SOUND]), { statuses: [400, 200], isOpen: true });
});

test('so does one that came in pieces', async () => {
  const bad = requestOf('{"model": 3}');
  assert.deepEqual(await send([bad.slice(0, -4), bad.slice(-4), SOUND]), { statuses: [400, 200], isOpen: true });
});

test('requests that come together are answered in their order', async () => {
  assert.deepEqual(await send([requestOf('{bad') + SOUND]), { statuses: [400, 200], isOpen: true });
});

/** A request whose body has so many spaces before it, each in a chunk of its own. */
const crumbs = (count: number, key = 'right') => {
  const body = '{"model":"auto","messages":[{"role":"user","content":"x"}]}';
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return `${head}transfer-encoding: chunked\r\n\r\n${'1;a=b\r\n \r\n'.repeat(count)}${chunk}`;
};

test('a body in a few thousand chunks of one byte is a body', async () => {
  assert.deepEqual(await send([crumbs(3_000)]), { statuses: [200], isOpen: true });
});

test('one in more than that is refused', async () => {
  assert.deepEqual((await send([crumbs(15_000)])).statuses, [400]);
});

test('the connection of one in hundreds of thousands is closed before they are read, whoever sends it', async () => {
  for (const key of ['right', 'wrong']) {
    const { statuses, isOpen } = await send([crumbs(300_000, key)]);
    assert.equal(isOpen, false);
    // A client that still writes may find the connection reset before it has read why.
    assert.ok(statuses.every((status) => status === 400 || status === 401));
  }
});
