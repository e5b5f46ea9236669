/** An upstream that fails in every way it can: no wrong status, no wrong bill, no missing record, and no end that was none. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, test } from 'node:test';
import { type OpenPath, openPath, type TestBackend } from './open-path.ts';
import { startTalking, type TalkingUpstream } from './talking-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Pair {
  readonly path: OpenPath;
  readonly upstream: TalkingUpstream;
}

async function pair(dialect: TestBackend['dialect'] = 'openai'): Promise<Pair> {
  const upstream = await startTalking();
  open.push(upstream);
  const path = await openPath([{ url: upstream.url, dialect }]);
  open.push(path);
  return { path, upstream };
}

const messages = [{ role: 'user', content: 'Tere' }];
const kinds = {
  chat: {
    url: '/v1/chat/completions',
    body: { model: 'auto', max_tokens: 50, messages },
    dialect: 'openai',
    end: '[DONE]',
  },
  completions: { url: '/v1/completions', body: { model: 'auto', prompt: 'Tere' }, dialect: 'openai', end: '[DONE]' },
  responses: {
    url: '/v1/responses',
    body: { model: 'auto', input: 'Tere' },
    dialect: 'openai',
    end: 'response.completed',
  },
  messages: {
    url: '/v1/messages',
    body: { model: 'auto', max_tokens: 50, messages },
    dialect: 'openai',
    end: 'message_stop',
  },
  'messages, native': {
    url: '/v1/messages',
    body: { model: 'auto', max_tokens: 50, messages },
    dialect: 'anthropic',
    end: 'message_stop',
  },
} as const;
type Kind = keyof typeof kinds;

function ask({ path }: Pair, kind: Kind, stream: boolean): Promise<Response> {
  return fetch(`${path.url}${kinds[kind].url}`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ ...kinds[kind].body, stream }),
  });
}

/** The bytes of a right answer. */
async function rightAnswer(
  both: Pair,
  asked: { kind: Kind; stream: boolean },
): Promise<{ bytes: Buffer; type: string }> {
  const before = both.upstream.heard.length;
  await (await ask(both, asked.kind, asked.stream)).text();
  const { path, body } = both.upstream.heard[before] ?? {};
  const direct = await fetch(`${both.upstream.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { bytes: Buffer.from(await direct.arrayBuffer()), type: direct.headers.get('content-type') ?? '' };
}

const last = ({ path }: Pair) => path.recorder.statements().at(-1)?.predicate;

for (const kind of Object.keys(kinds) as Kind[]) {
  for (const stream of [false, true]) {
    test(`${kind}${stream ? ', streamed' : ''}: cut after any byte it is a failure with its record, never an answer`, async () => {
      const both = await pair(kinds[kind].dialect);
      const { bytes, type } = await rightAnswer(both, { kind, stream });
      const step = Math.max(1, Math.floor(bytes.length / 24));
      for (let cut = 0; cut < bytes.length - 8; cut += step) {
        for (const isClean of [false, true]) {
          both.path.forget();
          both.upstream.mood = (_heard, response) =>
            sendPart(response, { bytes: bytes.subarray(0, cut), type, isClean });
          const records = both.path.recorder.outcomes.length;
          const response = await ask(both, kind, stream);
          const text = await response.text();
          const where = `${cut} of ${bytes.length}, ${isClean ? 'ended' : 'torn'}: ${response.status} ${text.slice(-200)}`;
          const predicate = last(both);
          assert.ok(both.path.recorder.outcomes.length > records, where);
          assert.equal(both.path.held(), 0, where);
          if (predicate?.ended === 'complete') {
            // What finishes an answer had come: a missing marker behind it takes nothing away.
            assert.ok(stream && isClean && response.status === 200, where);
            assert.doesNotMatch(text, /"error":\{/, where);
            continue;
          }
          assert.equal(predicate?.ended, 'failed', where);
          assert.ok(!text.includes(kinds[kind].end), where);
          if (response.status === 200) assert.match(text, /"error"|event: error/, where);
          else assert.equal(response.status, 502, where);
        }
      }
    });
  }
}

interface Part {
  readonly bytes: Buffer;
  readonly type: string;
  /** Ended as if it were whole, or torn off. */
  readonly isClean: boolean;
}

function sendPart(response: ServerResponse, { bytes, type, isClean }: Part): void {
  response.writeHead(200, { 'content-type': type });
  response.write(bytes, () => (isClean ? response.end() : setTimeout(() => response.destroy(), 5)));
  if (bytes.length === 0) response.flushHeaders();
}

test('what each attempt used is charged with its own record, whatever becomes of the next', async () => {
  const [broken, sound] = [await startTalking(), await startTalking()];
  open.push(broken, sound);
  broken.mood = (_heard, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>down</p>');
  const path = await openPath([broken.url, sound.url]);
  open.push(path);
  assert.equal((await ask({ path, upstream: broken }, 'chat', false)).status, 200);
  const signed = path.recorder.statements().map(({ predicate }) => predicate.spent.moneyMicros);
  const charged = path.recorder.outcomes.map(({ spent }) => spent.reduce((sum, { amount }) => sum + amount, 0));
  assert.equal(signed.length, 2);
  assert.ok(signed.every((amount) => amount > 0));
  assert.deepEqual(charged, signed);
  assert.equal(path.held(), 0);
});

test('a choice with an index that no answer has costs no memory and keeps its text', async () => {
  const both = await pair();
  for (const index of [4_000_000_000, 3e8, -1, 0.5, 'length', null]) {
    const choices = [{ index, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }];
    both.upstream.mood = (_heard, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'c', choices }));
    const response = await ask(both, 'chat', false);
    assert.equal(response.status, 200, String(index));
    await response.text();
    const { subject } = both.path.recorder.statements().at(-1) ?? { subject: [] };
    assert.ok(
      subject.some(({ name }) => name === 'answer/text/0'),
      String(index),
    );
  }
});

test('usage that is missing, negative, mistyped or beyond anything is billed by our own count, and the record says so', async () => {
  const both = await pair();
  const wrong = [
    undefined,
    null,
    'many',
    { prompt_tokens: -5, completion_tokens: 3 },
    { prompt_tokens: '5', completion_tokens: 3 },
    { prompt_tokens: 5.5, completion_tokens: 3 },
    { prompt_tokens: 1e15, completion_tokens: 3 },
    { prompt_tokens: 5, completion_tokens: 1e9 },
    { prompt_tokens: 5, completion_tokens: 0 },
  ];
  for (const usage of wrong) {
    for (const stream of [false, true]) {
      both.upstream.mood = (_heard, response) => answerWith(response, { usage, stream });
      const response = await ask(both, 'chat', stream);
      await response.text();
      const said = JSON.stringify({ usage, stream });
      assert.equal(response.status, 200, said);
      const outcome = last(both);
      assert.equal(outcome?.usage.source, 'counted', said);
      assert.ok((outcome?.usage.completionTokens ?? 0) > 0 && (outcome?.usage.completionTokens ?? 0) < 50, said);
    }
  }
});

function answerWith(response: ServerResponse, { usage, stream }: { usage: unknown; stream: boolean }): void {
  const content = 'Tere, maailm!';
  if (!stream) {
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ choices, usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frames = [
    { choices: [{ index: 0, delta: { content }, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage },
  ];
  response.end(`${frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')}data: [DONE]\n\n`);
}

test('one fault and then an answer is an answer, with a record of both', async () => {
  const both = await pair();
  let calls = 0;
  both.upstream.mood = (_heard, response) => {
    calls++;
    if (calls === 1) response.writeHead(500).end();
    else answerWith(response, { usage: { prompt_tokens: 9, completion_tokens: 4 }, stream: false });
  };
  const response = await ask(both, 'chat', false);
  assert.equal(response.status, 200);
  const [first, second] = both.path.recorder.statements().map(({ predicate }) => predicate);
  assert.deepEqual([first?.ended, second?.ended], ['failed', 'complete']);
  assert.deepEqual(second?.attempt, { number: 2, previous: first?.id });
  assert.equal(response.headers.get('x-receipt-id'), second?.id);
});

test('a backend that stays broken is asked a few times, then left alone, and the client told not to insist', async () => {
  const both = await pair();
  both.upstream.mood = (_heard, response) => response.writeHead(500).end();
  for (let round = 0; round < 6; round++) {
    const response = await ask(both, 'chat', false);
    assert.ok([502, 503].includes(response.status));
    if (round === 0) assert.equal(response.headers.get('x-should-retry'), 'false');
    if (response.status === 503) assert.ok(Number(response.headers.get('retry-after')) >= 1);
  }
  assert.ok(both.upstream.heard.length <= 6, `asked ${both.upstream.heard.length} times`);
  assert.equal(both.path.held(), 0);
});

test('the first token may come late: that is slow, not dead', async () => {
  const both = await pair();
  both.upstream.mood = (_heard, response) => {
    setTimeout(() => answerWith(response, { usage: { prompt_tokens: 9, completion_tokens: 4 }, stream: true }), 700);
  };
  const response = await ask(both, 'chat', true);
  assert.match(await response.text(), /\[DONE\]/);
  assert.equal(last(both)?.ended, 'complete');
});
