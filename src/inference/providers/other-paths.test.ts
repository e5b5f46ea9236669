import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProviderPort } from '../../../test/call-provider.ts';
import { answering, readBody, runCall } from '../../../test/call-upstream.ts';
import type { Json } from '../../../test/provider-wire/wire.ts';
import type { TranslatedDialect } from './open-provider.ts';

/** What each provider answers to a request for embeddings: as many as it was asked for. */
const embeddings: Readonly<Record<string, { model: string; answer(body: Json): Json; step: number }>> = {
  bedrock: {
    model: 'amazon.titan-embed-text-v2:0',
    answer: () => ({ embedding: [0.5, 0.25], inputTextTokenCount: 3 }),
    step: 1,
  },
  vertex: {
    model: 'text-embedding-005',
    answer: ({ instances }) => ({
      predictions: instances.map(() => ({ embeddings: { values: [0.5, 0.25], statistics: { token_count: 3 } } })),
    }),
    step: 250,
  },
  cohere: {
    model: 'embed-v4.0',
    answer: ({ texts }) => ({
      embeddings: { float: texts.map(() => [0.5, 0.25]) },
      meta: { billed_units: { input_tokens: 3 * texts.length } },
    }),
    step: 96,
  },
  mistral: {
    model: 'mistral-embed',
    answer: ({ input }) => ({
      data: input.map(() => ({ embedding: [0.5, 0.25] })),
      usage: { prompt_tokens: 3 * input.length, total_tokens: 3 * input.length },
    }),
    step: 32,
  },
};

for (const [dialect, { model, answer, step }] of Object.entries(embeddings)) {
  test(`${dialect}: embeddings come in the order of their texts, as floats or base64, with their tokens`, async (t) => {
    let asked = 0;
    const baseUrl = await answering(t, async (request, response) => {
      asked++;
      const body = JSON.parse(await readBody(request));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(body)));
    });
    const port = openProviderPort(t, { dialect: dialect as TranslatedDialect, baseUrl });
    const input = ['üks', 'kaks', 'kolm'];
    for (const encoding_format of ['float', 'base64']) {
      const { start, text } = await runCall(port, { path: '/embeddings', body: { model, input, encoding_format } });
      assert.equal(start?.status, 200, text);
      const { data, usage, object } = JSON.parse(text);
      const expected = encoding_format === 'float' ? [0.5, 0.25] : 'AAAAPwAAgD4=';
      assert.deepEqual(
        data.map(({ index, embedding }: Json) => [index, embedding]),
        [0, 1, 2].map((index) => [index, expected]),
      );
      assert.deepEqual([object, usage], ['list', { prompt_tokens: 9, total_tokens: 9 }]);
    }
    assert.equal(asked, 2 * Math.ceil(input.length / step));
  });
}

const rankings: Readonly<Record<string, Json>> = {
  bedrock: { results: [1, 0].map((index) => ({ index, relevanceScore: 0.5 })) },
  cohere: { id: 'r', results: [1, 0].map((index) => ({ index, relevance_score: 0.5 })), meta: {} },
};
for (const [dialect, ranking] of Object.entries(rankings)) {
  test(`${dialect}: documents are ranked`, async (t) => {
    const sent: string[] = [];
    const baseUrl = await answering(t, async (request, response) => {
      sent.push(await readBody(request));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ranking));
    });
    const port = openProviderPort(t, { dialect: dialect as TranslatedDialect, baseUrl, region: 'eu-north-1' });
    const body = { model: 'rerank', query: 'kala', documents: ['leib', { text: 'räim' }], top_n: 2 };
    const { text } = await runCall(port, { path: '/rerank', body });
    const results = [1, 0].map((index) => ({ index, relevance_score: 0.5 }));
    assert.deepEqual(JSON.parse(text), { model: 'rerank', results });
    assert.ok(sent[0]?.includes('räim') && sent[0].includes('kala'));
  });
}

test('a path that a provider does not have is not found, and nothing is sent', async (t) => {
  let asked = 0;
  const baseUrl = await answering(t, (_request, response) => {
    asked++;
    response.end();
  });
  const port = openProviderPort(t, { dialect: 'cohere', baseUrl });
  const { start } = await runCall(port, { path: '/audio/speech', body: {} });
  assert.deepEqual([start?.status, asked], [404, 0]);
});
