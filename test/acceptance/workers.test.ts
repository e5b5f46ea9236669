/** Four gateways behind one port: together they keep every limit, and the death of one is only its own. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { Agent } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { askChat, type ChatAnswer, type ChatAsked } from '../chat-client.ts';
import { databaseOf, expectNoLeak, priced } from '../quota-books.ts';
import { type RecordedRequest, type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { gatewaysOf, runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

const WORKERS = 4;
let upstream: RecordingUpstream;
let polity: RunningPolity;
/** Streams that wait for the test to let them go on. */
const held: ServerResponse[] = [];

const piece = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;

function answer({ body }: RecordedRequest, response: ServerResponse): void {
  if ((JSON.parse(body) as { stream?: boolean }).stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(piece('Tere'));
    held.push(response);
    return;
  }
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ choices, usage: { prompt_tokens: 1, completion_tokens: 1 } }));
}

function letGo(): void {
  for (const response of held.splice(0)) response.end(`${piece('', 'stop')}data: [DONE]\n\n`);
}

before(async () => {
  upstream = await startUpstream(answer);
  const charter = await charterVariant(priced(servedBy(upstream.url)));
  polity = await startPolity({ charter, words: ['--workers', String(WORKERS)] });
});
after(async () => {
  await polity?.dispose();
  await upstream?.close();
});

async function newKey(...limits: string[]): Promise<string> {
  const { code, out, err } = await runCli(
    polity,
    ...['keys', 'create', '--tenant', 'agency', '--purpose', 'drafting', ...limits],
  );
  assert.equal(code, 0, err);
  return out.trim();
}

function ask(more: Partial<ChatAsked> = {}): Promise<ChatAnswer> {
  return askChat({ url: polity.url, apiKey: polity.apiKey, stream: false, ...more });
}

/** Streams that are held open by the upstream. Resolves once each has begun or was refused. */
async function openStreams(
  apiKey: string,
  number: number,
): Promise<{ statuses: number[]; ends: Promise<ChatAnswer>[] }> {
  const ends: Promise<ChatAnswer>[] = [];
  const heads = Array.from({ length: number }, () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    ends.push(ask({ apiKey, stream: true, onHead: resolve }));
    return promise;
  });
  return { statuses: await Promise.all(heads), ends };
}

const count = (statuses: readonly number[], status: number) => statuses.filter((one) => one === status).length;

async function allServeWithout(victim: number | null): Promise<void> {
  for (let tries = 0; ; tries++) {
    const gateways = await gatewaysOf(polity);
    assert.equal(gateways.length, WORKERS);
    if (gateways.every(({ state, pid }) => state === 'serving' && pid !== victim)) return;
    assert.ok(tries < 30, 'no new worker serves');
    await delay(500);
  }
}

/** Samples of one metric by worker. */
async function metricByWorker(name: string): Promise<{ byWorker: Map<string, number>; text: string }> {
  const text = await (await fetch(`${polity.url}/metrics`)).text();
  const byWorker = new Map<string, number>();
  for (const [, labels = '', value] of text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'))) {
    const worker = /worker="([^"]+)"/.exec(labels)?.[1] ?? '';
    byWorker.set(worker, (byWorker.get(worker) ?? 0) + Number(value));
  }
  return { byWorker, text };
}

test('64 connections are shared out evenly, and `/metrics` has the counts of all workers', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const before = await metricByWorker('polity_requests_total');
  for (let round = 0; round < 4; round++) {
    const answers = await Promise.all(Array.from({ length: 64 }, () => ask({ agent })));
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200),
      [],
    );
  }
  const { byWorker, text } = await metricByWorker('polity_requests_total');
  agent.destroy();
  const served = [...byWorker].map(([worker, total]) => total - (before.byWorker.get(worker) ?? 0));
  assert.equal(served.length, WORKERS);
  assert.equal(
    served.reduce((sum, one) => sum + one),
    4 * 64,
  );
  assert.ok(Math.max(...served) <= 1.5 * Math.min(...served), `uneven: ${served.join(', ')}`);
  assert.match(text, /^polity_metrics_workers\{state="answered"\} 4$/m);
  assert.match(text, /^polity_metrics_workers\{state="missing"\} 0$/m);
  assert.equal(text.match(/^# TYPE process_resident_memory_bytes /gm)?.length, 1);
  assert.equal((await metricByWorker('process_resident_memory_bytes')).byWorker.size, WORKERS);
});

test('of n requests at once over a budget of k in a minute exactly k are admitted', async () => {
  const apiKey = await newKey('--requests-per-minute', '40');
  // No minute may turn in the middle.
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 15_000) await delay(leftMs + 100);
  const statuses = (await Promise.all(Array.from({ length: 160 }, () => ask({ apiKey })))).map(({ status }) => status);
  assert.deepEqual([count(statuses, 200), count(statuses, 429)], [40, 120], statuses.join(' '));
});

test('of n streams at once over k places exactly k are admitted, and places are free again when streams end', async () => {
  const apiKey = await newKey('--concurrent', '12');
  for (let round = 0; round < 2; round++) {
    const { statuses, ends } = await openStreams(apiKey, 48);
    assert.deepEqual([count(statuses, 200), count(statuses, 429)], [12, 36], statuses.join(' '));
    letGo();
    const answers = (await Promise.all(ends)).filter(({ status }) => status === 200);
    assert.ok(answers.every(({ isWhole }) => isWhole));
  }
});

test('kill -9 of a worker ends its streams alone; its places and its budget come back, and a new worker serves', async () => {
  const apiKey = await newKey('--concurrent', '12');
  const first = await openStreams(apiKey, 12);
  assert.equal(count(first.statuses, 200), 12);
  const victim = (await gatewaysOf(polity))[0]?.pid as number;
  const survivors = first.ends.map(() => true);
  first.ends.forEach(
    (end, place) =>
      void end.then(() => {
        survivors[place] = false;
      }),
  );
  process.kill(victim, 'SIGKILL');
  for (let tries = 0; !survivors.includes(false); tries++) {
    assert.ok(tries < 100, 'no stream broke');
    await delay(50);
  }
  await delay(200);
  const broken = count(survivors.map(Number), 0);
  assert.ok(broken < 12, 'others go on');
  // Exactly the places of the dead: asked for until they are free, and one more.
  const again: Promise<ChatAnswer>[] = [];
  for (let tries = 0; again.length < broken; tries++) {
    assert.ok(tries < 200, `only ${again.length} of ${broken} places came back`);
    const { statuses, ends } = await openStreams(apiKey, 1);
    if (statuses[0] === 200) again.push(...ends);
    else await delay(200);
  }
  assert.equal((await openStreams(apiKey, 1)).statuses[0], 429, 'the places of the living are still taken');
  letGo();
  const ends = await Promise.all([...first.ends, ...again]);
  assert.equal(ends.filter(({ isWhole }) => isWhole).length, 12);
  await allServeWithout(victim);
  // What the dead had sent is charged at the most that it may have cost, as its receipts say.
  await expectNoLeak(polity.data);
});

test('streams of a gateway that lost its lease end in error frames, not in silence; others serve on', async () => {
  const { statuses, ends } = await openStreams(polity.apiKey, 8);
  assert.equal(count(statuses, 200), 8);
  // As a database that stood still for longer than the lease.
  const client = new pg.Client({ connectionString: databaseOf(polity.data) });
  await client.connect();
  await client.query(`UPDATE worker SET lease_until = '-infinity' WHERE role = 'gateway'`);
  await client.end();
  const answers = await Promise.all(ends);
  for (const { isWhole, body } of answers) {
    assert.equal(isWhole, false);
    assert.match(body, /"code":"(ledger-unavailable|upstream-failed)".*\n\n$/);
  }
  held.splice(0);
  // Connections that come meanwhile wait for the gateways that are started in their place.
  assert.equal((await ask()).status, 200);
  await expectNoLeak(polity.data);
});

test('what was on its way to a worker that is killed is answered by the others, and nothing more goes to the dead', async () => {
  const victim = (await gatewaysOf(polity))[0]?.pid as number;
  // It takes nothing of what it is handed.
  process.kill(victim, 'SIGSTOP');
  const handed = Array.from({ length: 2 * WORKERS }, () => ask());
  await delay(300);
  process.kill(victim, 'SIGKILL');
  const late = delay(10_000, 'late', { ref: false });
  const after = Array.from({ length: 2 * WORKERS }, () => delay(500).then(() => ask()));
  const answers = await Promise.race([Promise.all([...handed, ...after]), late]);
  assert.notEqual(answers, 'late', 'connections wait for the dead');
  assert.deepEqual(
    (answers as ChatAnswer[]).filter(({ status }) => status !== 200),
    [],
  );
});

test('a worker that stands still is ended: who was handed to it is answered by others, and a new one serves', async () => {
  await allServeWithout(null);
  const victim = (await gatewaysOf(polity))[0]?.pid as number;
  process.kill(victim, 'SIGSTOP');
  const handed = Array.from({ length: 2 * WORKERS }, () => ask());
  const late = delay(40_000, 'late', { ref: false });
  const answers = await Promise.race([Promise.all(handed), late]);
  // Nobody else would ever let it go on.
  if (answers === 'late') process.kill(victim, 'SIGCONT');
  assert.notEqual(answers, 'late', 'connections wait for who stands still');
  assert.deepEqual(
    (answers as ChatAnswer[]).filter(({ status }) => status !== 200),
    [],
  );
  await allServeWithout(victim);
  await expectNoLeak(polity.data);
});
