/** Limits of country, tenant, purpose, model and key, of every kind: what is refused says whose limit it was. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Document } from 'yaml';
import { type CharterEdits, charterVariant, servedBy } from '../charter-variant.ts';
import { runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let polity: RunningPolity;

const limits =
  (...path: (string | number)[]) =>
  (document: Document, limit: object) =>
    document.setIn([...path, 'limits'], document.createNode(limit));

function limited(url: string): CharterEdits {
  const { 'backends.yaml': serve, 'tenants.yaml': raise } = servedBy(url);
  return {
    'backends.yaml': (document) => {
      serve?.(document);
      document.setIn([0, 'energy'], document.createNode({ whPer1000Tokens: 100, source: 'a test' }));
    },
    'tenants.yaml': (document) => {
      raise?.(document);
      limits(1)(document, { tokensOutPerDay: 300, concurrentStreams: 2 });
      limits(0)(document, { energyWhPerDay: 4 });
    },
    'purposes.yaml': (document) => {
      const at = (document.toJS() as { id: string }[]).findIndex(({ id }) => id === 'research');
      limits(at)(document, { requestsPerDay: 2 });
    },
    'charter.yaml': (document) => limits()(document, { tokensInPerDay: 100_000, requestsPerDay: 60 }),
  };
}

before(async () => {
  upstream = await startTalking();
  polity = await startPolity({ charter: await charterVariant(limited(upstream.url)) });
});
after(async () => {
  await polity?.dispose();
  await upstream?.close();
});

interface Wish {
  readonly key?: string;
  readonly purpose?: string;
  readonly more?: object;
}

function ask({ key = polity.apiKey, purpose, more = {} }: Wish = {}): Promise<Response> {
  return fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(purpose === undefined ? {} : { 'x-polity-purpose': purpose }),
    },
    body: JSON.stringify({ model: 'auto', max_tokens: 10, messages: [{ role: 'user', content: 'Tere' }], ...more }),
  });
}

const refusal = async (response: Response) => {
  const { status, limit, owner, detail } = (await response.json()) as Record<string, unknown>;
  return { status, limit, owner, detail: String(detail) };
};

test('tokens of answers are counted apart from those of prompts, and given back as far as they were not used', async () => {
  const tooMuch = await refusal(await ask({ more: { max_tokens: 400 } }));
  assert.deepEqual([tooMuch.status, tooMuch.limit, tooMuch.owner], [402, 'tokensOutPerDay', 'tenant:agency']);
  assert.match(tooMuch.detail, /of the tenant `agency`/);
  // Each reserves 250 and uses 4: one after the other there is room for all.
  for (let time = 0; time < 5; time++) assert.equal((await ask({ more: { max_tokens: 250 } })).status, 200);
});

test('a limit of streams counts streams alone', async () => {
  upstream.mood = (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[{"index":0,"delta":{"content":"T"},"finish_reason":null}]}\n\n');
  };
  const stops = new AbortController();
  const open = [0, 1].map(() => fetchStream(stops.signal));
  for (const response of await Promise.all(open)) assert.equal(response.status, 200);
  const third = await refusal(await ask({ more: { stream: true } }));
  assert.deepEqual([third.status, third.limit], [429, 'concurrentStreams']);
  upstream.mood = null;
  assert.equal((await ask()).status, 200, 'what is not streamed has no part in it');
  stops.abort();
  for (let tries = 0; ; tries++) {
    const response = await ask({ more: { stream: true } });
    await response.text();
    if (response.status === 200) break;
    assert.ok(tries < 50, 'the places of streams that were left come back');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

function fetchStream(signal: AbortSignal): Promise<Response> {
  return fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    signal,
    headers: { authorization: `Bearer ${polity.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'auto',
      max_tokens: 10,
      stream: true,
      messages: [{ role: 'user', content: 'Tere' }],
    }),
  });
}

test('a purpose has its own limit, whoever asks for it', async () => {
  for (let time = 0; time < 2; time++) assert.equal((await ask({ purpose: 'research' })).status, 200);
  const third = await refusal(await ask({ purpose: 'research' }));
  assert.deepEqual([third.status, third.limit, third.owner], [402, 'requestsPerDay', 'purpose:research']);
  assert.equal((await ask()).status, 200);
});

test('energy is a budget where the backend has a figure', async () => {
  const made = await runCli(
    polity,
    'keys',
    'create',
    '--tenant',
    'ministry',
    '--purpose',
    'drafting',
    '--level',
    'internal',
    '--json',
  );
  const { secret: key } = JSON.parse(made.out) as { secret: string };
  const answered = await ask({ key });
  assert.equal(answered.status, 200);
  // 13 tokens at 100 Wh for a thousand.
  assert.equal(answered.headers.get('x-polity-energy-wh'), '1.300');
  const statuses: number[] = [];
  for (let time = 0; time < 3; time++) statuses.push((await ask({ key })).status);
  assert.equal(statuses.at(-1), 402);
  const { limit, owner } = await refusal(await ask({ key }));
  assert.deepEqual([limit, owner], ['energyWhPerDay', 'tenant:ministry']);
});

test('the whole country has a limit, and everybody together stays within it', async () => {
  const statuses = await Promise.all(Array.from({ length: 80 }, async () => (await ask()).status));
  assert.ok(statuses.filter((status) => status === 200).length < 60);
  // Of so many at once some are refused for the tokens that others hold: what is left of the limit is used up one by one.
  let response = await ask();
  for (let left = 60; response.status === 200 && left > 0; left--) response = await ask();
  const last = await refusal(response);
  assert.deepEqual([last.status, last.limit, last.owner], [402, 'requestsPerDay', 'country:EE']);
  assert.match(last.detail, /of the whole country is used up; wait until midnight \(UTC\)/);
});
