import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { answering, openPort } from '../../test/call-upstream.ts';
import { openBackend } from './index.ts';

const silent = { onStart() {}, onData() {}, onEnd() {}, onFailure() {} };

test('a look needs no connection that requests have, and takes no longer than its time', async (t) => {
  const held: ServerResponse[] = [];
  let answersLooks = true;
  const base = await answering(t, (request, response) => {
    if (request.url?.endsWith('/models') && answersLooks) response.end('{}');
    else held.push(response);
  });
  const port = openPort(t, base, { connections: 1 });
  t.after(() => {
    for (const response of held) response.destroy();
  });
  const running = port.call({ path: '/chat/completions', body: Buffer.from('{}'), deadlineMs: 60_000 }, silent);
  for (let tries = 0; held.length === 0; tries++) {
    assert.ok(tries < 100, 'nothing was asked');
    await delay(20);
  }
  const look = () => Promise.race([port.probe?.(), delay(8_000, 'no answer', { ref: false })]);
  assert.equal(await look(), true);
  answersLooks = false;
  assert.equal(await look(), false);
  running.abort();
});

test('a provider that nobody can look at is neither alive nor dead for it', async (t) => {
  process.env.POLITY_TEST_KEY = 'sk-1';
  const backend = { dialect: 'anthropic', url: 'http://127.0.0.1:1/v1', key: 'env:POLITY_TEST_KEY', concurrent: 1 };
  const port = openBackend({ ...backend, allowPrivateAddress: true } as Parameters<typeof openBackend>[0]);
  t.after(() => port.close());
  assert.equal(await port.probe?.(), null);
});
