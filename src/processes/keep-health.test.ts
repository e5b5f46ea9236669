import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backend } from '../charter/schema.ts';
import { type CharterInForce, Traffic } from '../gateway/index.ts';
import { openUpstream } from '../inference/index.ts';
import { systemTimers } from '../kit/index.ts';
import { keepHealth } from './keep-health.ts';

test('a backend that takes requests and answers nobody is known to hang once it was looked at, and to work once it answers', async () => {
  let answer = (_response: ServerResponse) => {};
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const upstream = openUpstream({ baseUrl: `http://127.0.0.1:${port}/v1`, connections: 4, allowPrivateAddress: true });
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs };
  const traffic = new Traffic({ clock, timers: systemTimers, random: Math.random });
  const backend = { id: 'hangs', concurrent: 4 } as Backend;
  const ports = new Map([['hangs', upstream]]);
  const health = keepHealth(traffic, () => ({ ports }) as unknown as CharterInForce);
  const until = async (state: string) => {
    for (let tries = 0; traffic.view(backend).state !== state; tries++) {
      assert.ok(tries < 300, `it is ${traffic.view(backend).state}`);
      await delay(100);
    }
  };
  try {
    void traffic.enter(backend, { rank: 'interactive', leaving: () => AbortSignal.abort() });
    assert.deepEqual(traffic.listQuiet(), []);
    nowMs += 30_000;
    assert.deepEqual(traffic.listQuiet(), ['hangs']);
    await until('stalled');
    answer = (response) => response.end('{}');
    await until('ready');
  } finally {
    health.close();
    server.closeAllConnections();
    server.close();
    await upstream.close();
  }
});
