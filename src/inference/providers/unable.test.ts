/** What the translation to one provider cannot carry out, another backend of the legal set may. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OpenPath, openPath, type TestBackend } from '../../../test/open-path.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import type { Json, ProviderWire } from '../../../test/provider-wire/wire.ts';
import { type RecordingUpstream, startUpstream } from '../../../test/recording-upstream.ts';

let provider: RecordingUpstream;
let second: RecordingUpstream;
const opened: OpenPath[] = [];

before(async () => {
  process.env.POLITY_TEST_KEY = 'sk-1';
  provider = await startUpstream();
  second = await startUpstream();
});
after(async () => {
  for (const path of opened) await path.close();
  await provider.close();
  await second.close();
  delete process.env.POLITY_TEST_KEY;
});

const translated = ({ dialect, model }: ProviderWire): TestBackend => {
  const more = `key: env:POLITY_TEST_KEY\n  upstreamModel: ${model}`;
  return { url: provider.url, asProvider: true, dialect, more };
};

async function ask(path: OpenPath, more: object) {
  provider.requests.length = 0;
  second.requests.length = 0;
  const messages = [{ role: 'user', content: 'Tere!' }];
  const response = await fetch(`${path.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'smollm2-135m-instruct', max_tokens: 500, messages, ...more }),
  });
  return { response, body: (await response.json()) as Json };
}

async function open(backends: Parameters<typeof openPath>[0]): Promise<OpenPath> {
  const path = await openPath(backends);
  opened.push(path);
  return path;
}

const late = ['Be brief', 'Tere!', 'And kind'].map((content, place) => {
  return { role: place === 1 ? 'user' : 'system', content };
});
const cases: readonly [ProviderWire, object, string][] = [
  [anthropicWire, { response_format: { type: 'json_object' } }, 'response_format'],
  [bedrockWire, { response_format: { type: 'json_object' } }, 'response_format'],
  [bedrockWire, { messages: [...late, { role: 'user', content: 'Kes?' }] }, 'messages'],
];

for (const [wire, more, param] of cases) {
  test(`what ${wire.dialect} cannot do by \`${param}\`, the next of the legal set does`, async () => {
    const path = await open([translated(wire), second.url]);
    const { response, body } = await ask(path, more);
    assert.equal(response.status, 200, JSON.stringify(body));
    assert.deepEqual([provider.requests.length, second.requests.length, path.held()], [0, 1, 0]);
    const [failed, complete] = path.recorder.statements().map(({ predicate }) => predicate);
    assert.deepEqual([failed?.ended, complete?.ended, complete?.attempt.previous], ['failed', 'complete', failed?.id]);
    assert.equal(failed?.usage.completionTokens, 0);
  });

  test(`what nobody can do beside ${wire.dialect} is told with \`${param}\` and the way out`, async () => {
    const path = await open([translated(wire)]);
    const { response, body } = await ask(path, more);
    assert.deepEqual([response.status, body.code, body.error.param], [400, 'unsupported-parameter', param]);
    assert.match(body.detail, /^this provider cannot carry out/);
    assert.deepEqual([provider.requests.length, path.held()], [0, 0]);
  });
}

test('a backend that cannot do something is not left alone for it', async () => {
  const path = await open([translated(anthropicWire), second.url]);
  for (let count = 0; count < 6; count++) await ask(path, { response_format: { type: 'json_object' } });
  await ask(path, {});
  assert.deepEqual([provider.requests.length, second.requests.length], [1, 1]);
});
