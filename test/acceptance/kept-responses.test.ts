/** What is kept of `/v1/responses`, by OpenAI's official client: its items page by page, and nothing that looks like an empty stream. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;
let client: OpenAI;
let kept: OpenAI.Responses.Response;

before(async () => {
  upstream = await startUpstream();
  polity = await startPolity({ charter: await charterVariant(servedBy(upstream.url)) });
  client = new OpenAI({ baseURL: `${polity.url}/v1`, apiKey: polity.apiKey, maxRetries: 0 });
  const input = [
    { role: 'user' as const, content: 'Tere' },
    { role: 'assistant' as const, content: 'Tere!' },
    { role: 'user' as const, content: 'Kuidas läheb?' },
  ];
  kept = await client.responses.create({ model: 'auto', input });
});
after(async () => {
  await polity.dispose();
  await upstream.close();
});

const contentOf = (item: unknown) => (item as { content: unknown }).content;

test('items come from the latest on, or from the first, in pages as large as wanted, each with its type', async () => {
  const newest: unknown[] = [];
  for await (const item of client.responses.inputItems.list(kept.id, { limit: 1 })) {
    assert.equal(item.type, 'message');
    newest.push(contentOf(item));
  }
  assert.deepEqual(newest, ['Kuidas läheb?', 'Tere!', 'Tere']);
  const first = await client.responses.inputItems.list(kept.id, { limit: 2, order: 'asc' });
  assert.deepEqual([first.data.map(contentOf), first.has_more], [['Tere', 'Tere!'], true]);
  const rest = await first.getNextPage();
  assert.deepEqual([rest.data.map(contentOf), rest.has_more], [['Kuidas läheb?'], false]);
  await assert.rejects(client.responses.inputItems.list(kept.id, { after: 'nobody' }), { status: 400, param: 'after' });
});

test('a kept response is not streamed again, and says so', async () => {
  await assert.rejects(client.responses.retrieve(kept.id, { stream: true }), { status: 400, param: 'stream' });
  assert.equal((await client.responses.retrieve(kept.id, { stream: false })).id, kept.id);
});
