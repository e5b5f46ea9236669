/** Gateways end while lines of a batch are under way, for a restart or with the whole service: no line fails for it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { type RecordedRequest, type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { gatewaysOf, runCli } from '../run-cli.ts';
import { freePort, type RunningPolity, startPolity } from '../start-polity.ts';

const URL_PATH = '/v1/chat/completions';
const LINES = 3;
let upstream: RecordingUpstream;
let options: { readonly charter: string; readonly data: string; readonly port: number };
let polity: RunningPolity;
let client: OpenAI;
/** Lines that wait for the test; null: they are answered at once. */
let held: ServerResponse[] | null = null;

function say(response: ServerResponse): void {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ choices, usage: { prompt_tokens: 1, completion_tokens: 1 } }));
}

function answer(_request: RecordedRequest, response: ServerResponse): void {
  if (held === null) say(response);
  else held.push(response);
}

before(async () => {
  upstream = await startUpstream(answer);
  const charter = await charterVariant(servedBy(upstream.url));
  options = { charter, data: await mkdtemp(join(tmpdir(), 'polity-batch-')), port: await freePort() };
  polity = await startPolity(options);
  client = new OpenAI({ baseURL: `${polity.url}/v1`, apiKey: polity.apiKey, maxRetries: 0 });
});
after(async () => {
  await polity?.stop();
  await upstream?.close();
  await rm(options.data, { recursive: true, force: true });
});

/** Resolves once all its lines are at the model. */
async function orderHeld(): Promise<string> {
  held = [];
  const body = { model: 'auto', max_tokens: 4, messages: [{ role: 'user', content: 'Tere' }] };
  const lines = Array.from({ length: LINES }, (_, at) =>
    JSON.stringify({ custom_id: `${at}`, method: 'POST', url: URL_PATH, body }),
  );
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines.join('\n')), 'b.jsonl'),
    purpose: 'batch',
  });
  const { id } = await client.batches.create({
    input_file_id: file.id,
    endpoint: URL_PATH,
    completion_window: '24h',
  });
  while (held.length < LINES) await delay(50);
  return id;
}

async function endOf(id: string): Promise<OpenAI.Batch> {
  for (let tries = 0; tries < 150; tries++) {
    const batch = await client.batches.retrieve(id);
    if (batch.status === 'completed') return batch;
    await delay(200);
  }
  throw new Error('the batch does not end');
}

const counts = ({ request_counts: counted }: OpenAI.Batch) => [counted?.completed, counted?.failed];

test('a gateway that is replaced ends the lines that it has, and takes no more', async () => {
  const [before] = await gatewaysOf(polity);
  const id = await orderHeld();
  const restarted = runCli(polity, 'restart', '--json');
  // Longer than the gateway waits for clients that are idle.
  await delay(9_000);
  const states = (await gatewaysOf(polity)).map(({ state }) => state);
  assert.deepEqual(states.sort(), ['draining', 'serving']);
  for (const response of held ?? []) say(response);
  assert.equal((await restarted).code, 0);
  assert.deepEqual(counts(await endOf(id)), [LINES, 0]);
  assert.equal(upstream.requests.length, LINES, 'each was asked once');
  assert.ok((await gatewaysOf(polity)).every(({ pid }) => pid !== before?.pid));
});

test('what the end of the service breaks off is asked again at the next start', async () => {
  const id = await orderHeld();
  held = null;
  assert.equal(await polity.stop(), 0);
  polity = await startPolity(options);
  assert.deepEqual(counts(await endOf(id)), [LINES, 0]);
});
