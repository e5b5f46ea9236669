import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, readBody, runCall } from '../../../test/call-upstream.ts';
import type { Backend } from '../../charter/schema.ts';
import { openBackend } from './open-backend.ts';

const entry = (more: Partial<Backend>) =>
  ({ id: 'a', model: 'm', dialect: 'openai', concurrent: 2, allowPrivateAddress: true, ...more }) as Backend;

/** The base paths under which providers serve OpenAI's API, by their references (2026-11). */
const places: readonly { title: string; path: string; more: Partial<Backend>; asked: string; header: string }[] = [
  {
    title: 'Azure by its version 1',
    path: '/openai/v1',
    more: { dialect: 'azure' },
    asked: '/openai/v1/chat/completions',
    header: 'api-key',
  },
  {
    title: 'a deployment of Azure by its date',
    path: '/openai/deployments/gpt',
    more: { dialect: 'azure', apiVersion: '2024-10-21' },
    asked: '/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
    header: 'api-key',
  },
  {
    title: 'Oracle by its OpenAI-compatible endpoint',
    path: '/20231130/actions/v1',
    more: {},
    asked: '/20231130/actions/v1/chat/completions',
    header: 'authorization',
  },
];

for (const { title, path, more, asked, header } of places) {
  test(`${title}: bytes pass as they are, in both directions`, async (t) => {
    process.env.POLITY_TEST_PROVIDER_KEY = 'sk-1';
    t.after(() => {
      delete process.env.POLITY_TEST_PROVIDER_KEY;
    });
    const base = await answering(t, async (request, response) => {
      const text = await readBody(request);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify([request.url, request.headers[header], text]));
    });
    const url = base.replace('/v1', path);
    const port = openBackend(entry({ url, key: 'env:POLITY_TEST_PROVIDER_KEY', ...more }));
    t.after(() => port.close());
    const body = { model: 'gpt', logprobs: true, n: 2 };
    const { text } = await runCall(port, { body });
    const key = header === 'authorization' ? 'Bearer sk-1' : 'sk-1';
    assert.deepEqual(JSON.parse(text), [asked, key, JSON.stringify(body)]);
  });
}

test('a provider without its key is held with the reason and sends nothing', async () => {
  const port = openBackend(entry({ dialect: 'bedrock', url: 'https://b.example', key: 'env:POLITY_TEST_NO_KEY' }));
  assert.match(port.obstacle() ?? '', /POLITY_TEST_NO_KEY/);
  assert.equal((await runCall(port)).failure?.kind, 'unreachable');
  await port.close();
});
