/** Answers that are JSON and yet none to what was asked: nobody gets the vector of another text, or a bill for nothing. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { type OpenPath, openPath } from './open-path.ts';
import { startTalking, type TalkingUpstream } from './talking-upstream.ts';

let upstream: TalkingUpstream;
let path: OpenPath;

before(async () => {
  upstream = await startTalking();
  path = await openPath([upstream.url]);
});
after(async () => {
  await path.close();
  await upstream.close();
});
beforeEach(() => path.forget());

const say = (body: unknown, status = 200) => {
  upstream.mood = (_heard, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

function ask(endpoint: string, body: object): Promise<Response> {
  return fetch(path.url + endpoint, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'auto', ...body }),
  });
}

const usage = { prompt_tokens: 3, total_tokens: 3 };
const vectors = (...of: (number | undefined)[]) => of.map((index) => ({ index, embedding: [0.5, 1] }));

interface Case {
  readonly endpoint: string;
  readonly body: object;
  readonly right: readonly object[];
  readonly wrong: readonly object[];
}

const cases: readonly Case[] = [
  {
    endpoint: '/v1/embeddings',
    body: { input: ['a', 'b', 'c'] },
    right: [
      { data: vectors(0, 1, 2), usage },
      { data: vectors(2, 0, 1), usage },
      { data: vectors(undefined, undefined, undefined), usage },
    ],
    wrong: [
      { data: vectors(0, 1), usage },
      { data: vectors(0, 1, 2, 3), usage },
      { data: vectors(0, 0, 1), usage },
      { data: vectors(0, 1, 7), usage },
      { data: vectors(0, 1, 2).map(({ index }) => ({ index })), usage },
      { data: vectors(0, 1, 2).map(({ index }) => ({ index, embedding: [] })), usage },
      { data: vectors(0, 1, 2).map(({ index }) => ({ index, embedding: [null, 1] })), usage },
      { data: vectors(0, 1, 2).map(({ index }) => ({ index, embedding: '' })), usage },
    ],
  },
  {
    endpoint: '/v1/embeddings',
    body: { input: [1, 2, 3] },
    right: [{ data: vectors(0), usage }],
    wrong: [{ data: vectors(0, 1, 2), usage }],
  },
  {
    endpoint: '/v1/embeddings',
    body: { input: 'a', encoding_format: 'base64' },
    right: [{ data: [{ index: 0, embedding: 'AAAAPw==' }], usage }],
    wrong: [],
  },
  {
    endpoint: '/v1/rerank',
    body: { query: 'q', documents: ['a', 'b'] },
    right: [{ results: [{ index: 1, relevance_score: 0.5 }] }, { results: [{ index: 1 }, { index: 0 }] }],
    wrong: [
      { results: [] },
      { results: [{ relevance_score: 0.5 }] },
      { results: [{ index: 2, relevance_score: 0.5 }] },
      { results: [{ index: -1 }] },
      { results: [{ index: 0 }, { index: 0 }] },
    ],
  },
  {
    endpoint: '/v1/moderations',
    body: { input: ['x', 'y'] },
    right: [{ results: [{ flagged: true }, { flagged: false }] }],
    wrong: [{ results: [{ flagged: true }] }, { results: [{ flagged: true }, {}] }],
  },
  {
    endpoint: '/v1/moderations',
    body: {
      input: [
        { type: 'text', text: 'x' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
      ],
    },
    right: [{ results: [{ flagged: true }] }],
    wrong: [],
  },
  {
    endpoint: '/v1/images/generations',
    body: { prompt: 'x' },
    right: [{ data: [{ b64_json: 'AAAA' }] }, { data: [{ url: 'https://pictures.example/1' }] }],
    wrong: [{ data: [] }, { data: [{}] }, { data: [{ b64_json: '' }] }],
  },
];

for (const { endpoint, body, right, wrong } of cases) {
  test(`${endpoint} ${JSON.stringify(body).slice(0, 60)}: an answer that is none to this question is 502, and only such a one`, async () => {
    for (const answer of right) {
      say(answer);
      const response = await ask(endpoint, body);
      assert.deepEqual([response.status, await response.json()], [200, JSON.parse(JSON.stringify(answer))]);
    }
    for (const answer of wrong) {
      path.forget();
      say(answer);
      const response = await ask(endpoint, body);
      const { code } = (await response.json()) as { code: string };
      assert.deepEqual([response.status, code], [502, 'upstream-failed'], JSON.stringify(answer));
    }
    assert.equal(path.held(), 0);
  });
}

test('a prompt that is said to have no token is counted here', async () => {
  const before = path.recorder.outcomes.length;
  say({ data: vectors(0), usage: { prompt_tokens: 0, total_tokens: 0 } });
  assert.equal((await ask('/v1/embeddings', { input: 'Tere hommikust' })).status, 200);
  const [outcome] = path.recorder.outcomes.slice(before);
  assert.equal(outcome?.usage.source, 'counted');
  assert.ok((outcome?.moneyMicros ?? 0) > 0);
});

test('choices of a completion are read by their places, in whatever order they come', async () => {
  const texts = ['A', 'B'];
  const choices = texts.map((text, index) => ({ index, text, finish_reason: 'stop' }));
  const digests: unknown[] = [];
  for (const order of [choices, choices.toReversed()]) {
    const before = path.recorder.outcomes.length;
    say({ choices: order, usage: { prompt_tokens: 3, completion_tokens: 2 } });
    assert.equal((await ask('/v1/completions', { prompt: 'x', n: 2 })).status, 200);
    digests.push(path.recorder.outcomes[before]?.said.slice(1));
  }
  assert.deepEqual(digests[0], digests[1]);
});

test('an error whose words do not end is told once its status is known long enough', async () => {
  upstream.mood = (_heard, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).write('{"error":');
    const drip = setInterval(() => response.write(' '), 100);
    response.once('close', () => clearInterval(drip));
  };
  const startedMs = performance.now();
  const response = await ask('/v1/completions', { prompt: 'x' });
  assert.equal(response.status, 400);
  assert.ok(performance.now() - startedMs < 8_000);
});
