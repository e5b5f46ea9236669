/** A charter changes while people ask three gateways: nobody notices, running answers keep the one they began with, a bad one is refused. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { type RecordedRequest, type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { gatewaysOf, runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

const WORKERS = 3;
let upstream: RecordingUpstream;
let polity: RunningPolity;
let folder: string;
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

before(async () => {
  upstream = await startUpstream(answer);
  folder = await charterVariant(servedBy(upstream.url));
  polity = await startPolity({ charter: folder, words: ['--workers', String(WORKERS)] });
});
after(async () => {
  await polity.dispose();
  await upstream.close();
});

function ask(stream: boolean): Promise<Response> {
  return fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${polity.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', stream, max_tokens: 4, messages: [{ role: 'user', content: 'Tere' }] }),
  });
}

async function digestOf(response: Response): Promise<string> {
  return await digestOfReceipt(response.headers.get('x-receipt-id') ?? '');
}

async function digestOfReceipt(id: string): Promise<string> {
  const receipt = (await (await fetch(`${polity.url}/v1/receipts/${id}`)).json()) as { statement: { payload: string } };
  return JSON.parse(Buffer.from(receipt.statement.payload, 'base64').toString()).predicate.charter.digest;
}

async function digestInForce(): Promise<string> {
  const { charter } = (await (await fetch(`${polity.url}/.well-known/polity`)).json()) as {
    charter: { digest: string };
  };
  return charter.digest;
}

/** Another priority: a change that matters to nobody, with a digest of its own. */
function edit(from: string, to: string): void {
  const path = join(folder, 'backends.yaml');
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(path, text.replace(from, to));
}

/** While it runs, the load goes on. */
async function apply(): Promise<{ code: number | null; said: string }> {
  const { code, out, err } = await runCli(polity, 'charter', 'apply', folder);
  return { code, said: out + err };
}

test('a change under load fails nobody, and an answer that has begun keeps its charter', async () => {
  const before = await digestInForce();
  const running = await ask(true);
  let isOver = false;
  const statuses: number[] = [];
  const receipts: string[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const response = await ask(false);
      statuses.push(response.status);
      receipts.push(response.headers.get('x-receipt-id') ?? '');
      await response.arrayBuffer();
    }
  });
  edit('priority: 10', 'priority: 11');
  const applied = await apply();
  assert.equal(applied.code, 0, applied.said);
  const now = await digestInForce();
  assert.notEqual(now, before);
  // Whoever gets the next requests: all have taken it.
  const gateways = await gatewaysOf(polity);
  assert.deepEqual(
    gateways.map(({ charter }) => charter),
    Array(WORKERS).fill(now),
  );
  for (const response of await Promise.all(Array.from({ length: 12 }, () => ask(false))))
    assert.equal(await digestOf(response), now);
  isOver = true;
  await Promise.all(load);
  assert.deepEqual(new Set(statuses), new Set([200]));
  const answeredBy = new Set<string>();
  for (const id of receipts.filter((_, place) => place % 20 === 0)) answeredBy.add(await digestOfReceipt(id));
  assert.deepEqual(answeredBy, new Set([before, now]), 'by the old charter or by the new one, and by both in turn');
  for (const response of held.splice(0)) response.end(`${piece('', 'stop')}data: [DONE]\n\n`);
  assert.match(await running.text(), /\[DONE\]/);
  assert.equal(await digestOf(running), before);
});

test('a charter with a mistake is refused with its place, and the old one stays', async () => {
  const before = await digestInForce();
  edit('dialect: openai', 'dialect: opnai');
  const { code, said } = await apply();
  assert.equal(code, 1);
  assert.match(said, /backends\.yaml:\d+:\d+/);
  assert.equal(await digestInForce(), before);
  assert.equal((await ask(false)).status, 200);
  edit('dialect: opnai', 'dialect: openai');
});

test('SIGHUP applies the charter of the start', async () => {
  const before = await digestInForce();
  edit('priority: 11', 'priority: 12');
  const { out } = await runCli(polity, 'status', '--json');
  const { pid } = JSON.parse(out) as { pid: number };
  process.kill(pid, 'SIGHUP');
  for (let tries = 0; tries < 100 && (await digestInForce()) === before; tries++) await delay(100);
  assert.notEqual(await digestInForce(), before);
});
