/** A database that stands still, and one that is killed: whoever asks is told when to come back, and nobody hangs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { processTree } from '../../bench/gateway/process-cpu.ts';
import { startPolity } from '../start-polity.ts';

const RECEIPT = `/v1/receipts/${'0'.repeat(32)}`;
/** What only the database knows. */
const PAGES = ['/v1/usage', RECEIPT, '/v1/files', '/v1/batches', '/.well-known/polity'];
/** No more than what a gateway waits for a connection and for its database, and a busy machine. */
const MOST_MS = 20_000;

test('while the database stands still and while it is started again, what it knows is 503 with a time to come back', async () => {
  const polity = await startPolity();
  const ask = async (page: string) => {
    const startedMs = performance.now();
    const headers = { authorization: `Bearer ${polity.apiKey}` };
    const answer = await fetch(polity.url + page, { headers, signal: AbortSignal.timeout(30_000) });
    const said = (await answer.json()) as { code?: string };
    return {
      page,
      status: answer.status,
      wait: answer.headers.get('retry-after'),
      said,
      ms: performance.now() - startedMs,
    };
  };
  const away = async () => {
    const ready = ask('/readyz');
    for (const { page, status, wait, said, ms } of await Promise.all(PAGES.map(ask))) {
      assert.deepEqual([status, wait, said.code], [503, '1', 'database-unavailable'], page);
      assert.ok(ms < MOST_MS, `${page} took ${ms} ms`);
    }
    const { status, ms } = await ready;
    assert.equal(status, 503);
    assert.ok(ms < 5_000, `/readyz took ${ms} ms`);
  };
  const back = async () => {
    for (let tries = 0; (await ask('/readyz')).status !== 200; tries++) {
      assert.ok(tries < 100, 'it does not come back');
      await delay(200);
    }
    for (const { page, status } of await Promise.all(PAGES.map(ask)))
      assert.equal(status, page === RECEIPT ? 404 : 200, page);
  };
  try {
    await back();
    const postmaster = Number(readFileSync(join(polity.data, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    const server = processTree(postmaster);
    for (const pid of server) process.kill(pid, 'SIGSTOP');
    await away().finally(() => server.map((pid) => process.kill(pid, 'SIGCONT')));
    await back();
    for (const pid of processTree(postmaster)) process.kill(pid, 'SIGKILL');
    await away();
    await back();
  } finally {
    await polity.dispose();
  }
});
