/** The official client, unchanged, against the embedded model: what a ministry's developer does first. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { type RunningPolity, startPolity } from '../start-polity.ts';

let polity: RunningPolity;
let client: OpenAI;
const model = 'auto';

before(async () => {
  polity = await startPolity();
  client = new OpenAI({ baseURL: `${polity.url}/v1`, apiKey: polity.apiKey, maxRetries: 0 });
  await modelReady();
});
after(() => polity.dispose());

/** The API is up while the model is fetched and loaded, and says so; asking again is what its problem advises. */
async function modelReady(): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const ready = (await (await fetch(`${polity.url}/readyz`)).json()) as { parts: Record<string, { ok: boolean }> };
    if (ready.parts.model?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the model never became ready: ${polity.errors()}`);
}

const ask = (content: string) => [{ role: 'user' as const, content }];

test('a chat is answered whole, with usage and a receipt', async () => {
  const { data, response } = await client.chat.completions
    .create({ model, messages: ask('Say hello.'), max_tokens: 16 })
    .withResponse();
  assert.ok((data.choices[0]?.message.content ?? '').length > 0);
  assert.ok((data.usage?.completion_tokens ?? 0) > 0);
  const receipt = await client.get(`/receipts/${response.headers.get('x-receipt-id')}`);
  assert.ok((receipt as { statement: unknown }).statement !== null);
});

test('a chat is streamed, piece by piece, to its end', async () => {
  const stream = await client.chat.completions.create({
    model,
    messages: ask('Count to five.'),
    max_tokens: 24,
    stream: true,
    stream_options: { include_usage: true },
  });
  let pieces = 0;
  let text = '';
  let finish: string | null = null;
  let tokens = 0;
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta.content ?? '';
    if (piece !== '') pieces++;
    text += piece;
    finish = chunk.choices[0]?.finish_reason ?? finish;
    tokens = chunk.usage?.completion_tokens ?? tokens;
  }
  assert.ok(pieces > 1 && text.length > 0);
  assert.ok(finish === 'stop' || finish === 'length');
  assert.ok(tokens > 0);
});

test('eight chats at the same time are all answered', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      client.chat.completions.create({ model, messages: ask(`Name ${i + 1} animals.`), max_tokens: 12 }),
    ),
  );
  for (const answer of answers) assert.ok((answer.choices[0]?.message.content ?? '').length > 0);
});

test('aborted streams free the model: eight more are answered after eight were broken off', async () => {
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const stream = await client.chat.completions.create({
        model,
        messages: ask('Tell a very long story.'),
        max_tokens: 2000,
        stream: true,
      });
      for await (const _ of stream) break;
      stream.controller.abort();
    }),
  );
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      client.chat.completions.create({ model, messages: ask('Say yes.'), max_tokens: 4 }, { timeout: 60_000 }),
    ),
  );
  assert.equal(answers.length, 8);
});

test('models are listed with their place', async () => {
  const models = await client.models.list();
  assert.ok(models.data.length > 0);
});

test('each refusal reaches the client as the class of error that it knows', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'nobody', messages: ask('x') }), OpenAI.NotFoundError);
  await assert.rejects(client.chat.completions.create({ model, messages: [] }), OpenAI.BadRequestError);
  const stranger = new OpenAI({ baseURL: `${polity.url}/v1`, apiKey: 'pk_wrong', maxRetries: 0 });
  await assert.rejects(stranger.chat.completions.create({ model, messages: ask('x') }), OpenAI.AuthenticationError);
  await assert.rejects(
    client.chat.completions.create({ model, messages: ask('x') }, { headers: { 'x-polity-purpose': 'gossip' } }),
    OpenAI.PermissionDeniedError,
  );
});
