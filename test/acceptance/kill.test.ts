/** kill -9 in the middle of load, together and one by one: what a client was told is what the log says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { processTree } from '../../bench/gateway/process-cpu.ts';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { expectNoLeak, priced } from '../quota-books.ts';
import { startUpstream } from '../recording-upstream.ts';
import { freePort, type RunningPolity, root, startPolity } from '../start-polity.ts';

/** Twenty by the issue's own number; `KILL_ROUNDS` makes it more. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 20);

/** What a client saw of one request. */
interface Seen {
  readonly receiptId: string;
  readonly ended: 'complete' | 'broken';
}

async function ask(url: string, apiKey: string, stream: boolean): Promise<Seen | null> {
  let receiptId: string | null = null;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'auto', stream, max_tokens: 8, messages: [{ role: 'user', content: 'Tere' }] }),
      signal: AbortSignal.timeout(20_000),
    });
    receiptId = response.headers.get('x-receipt-id');
    const text = await response.text();
    if (receiptId === null) return null;
    const whole = response.status === 200 && (stream ? text.includes('data: [DONE]') : text.endsWith('}'));
    return { receiptId, ended: whole ? 'complete' : 'broken' };
  } catch {
    return receiptId === null ? null : { receiptId, ended: 'broken' };
  }
}

/** Keeps eight requests under way until told to stop. */
function load(polity: { url: string; apiKey: string }, seen: Seen[]): { stop(): Promise<void> } {
  let running = true;
  const worker = async (stream: boolean) => {
    while (running) {
      const one = await ask(polity.url, polity.apiKey, stream);
      if (one === null) await new Promise((resolve) => setTimeout(resolve, 20));
      else seen.push(one);
    }
  };
  const workers = Array.from({ length: 8 }, (_, i) => worker(i % 2 === 0));
  return {
    async stop() {
      running = false;
      await Promise.all(workers);
    },
  };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** The victims of a round: everything, or one role after the other. */
function victims(round: number, supervisor: number): readonly number[] {
  const tree = processTree(supervisor).map((pid) => ({ pid, command: commandOf(pid) }));
  const of = (word: string) => tree.filter(({ command }) => command.includes(word)).map(({ pid }) => pid);
  const turns = [tree.map(({ pid }) => pid), of('gateway'), of('ledger'), of('postgres'), [supervisor], of(' model')];
  return turns[round % turns.length] as readonly number[];
}

async function waitServing(polity: { url: string; apiKey: string }): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const seen = await ask(polity.url, polity.apiKey, false);
    if (seen?.ended === 'complete') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it does not serve again');
}

interface Receipt {
  readonly state: string;
  readonly statement: { payload: string } | null;
}

async function settledReceipt(url: string, id: string): Promise<{ ended: string }> {
  for (let tries = 0; tries < 400; tries++) {
    const response = await fetch(`${url}/v1/receipts/${id}`);
    if (response.status === 200) {
      const receipt = (await response.json()) as Receipt;
      if (receipt.state === 'included')
        return JSON.parse(Buffer.from(receipt.statement?.payload ?? '', 'base64').toString()).predicate;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`receipt ${id} never reached the log`);
}

test(`over ${ROUNDS} kills every receipt is in the log as what it was, and the log verifies`, {
  timeout: 900_000,
}, async () => {
  const upstream = await startUpstream();
  const charter = await charterVariant(priced(servedBy(upstream.url)));
  const data = mkdtempSync(join(tmpdir(), 'polity-kill-'));
  const port = await freePort();
  let polity: RunningPolity = await startPolity({ charter, data, port });
  const { apiKey, url } = polity;
  const seen: Seen[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const running = load({ url, apiKey }, seen);
      await new Promise((resolve) => setTimeout(resolve, 400));
      const supervisor = polity.child.pid as number;
      const pids = victims(round, supervisor);
      kill(pids);
      if (pids.includes(supervisor)) {
        await running.stop();
        polity = await startPolity({ charter, data, port });
      } else {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await running.stop();
      }
      await waitServing({ url, apiKey });
    }
    for (const { receiptId, ended } of seen) {
      const found = await settledReceipt(url, receiptId);
      if (ended === 'complete') assert.equal(found.ended, 'complete', `receipt ${receiptId}`);
    }
    assert.ok(seen.some(({ ended }) => ended === 'complete'));
    const verified = spawnSync(
      process.execPath,
      [join(root, 'scripts/run.mjs'), 'cli', 'verify', '--log', 'decisions', '--url', url],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    await expectNoLeak(data);
  } finally {
    await polity.stop();
    await upstream.close();
    rmSync(data, { recursive: true, force: true });
  }
});
