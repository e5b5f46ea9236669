import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import {
  type AskedProvider,
  answerAs,
  chatBody,
  openProviderPort,
  openWire,
  refusedParam,
  runChat,
  streamed,
} from '../../../test/call-provider.ts';
import { answering, readBody, runCall } from '../../../test/call-upstream.ts';
import { allWires } from '../../../test/provider-wire/all-wires.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import { mistralWire } from '../../../test/provider-wire/mistral.ts';
import { vertexWire } from '../../../test/provider-wire/vertex.ts';
import { Secret } from '../resolve-secret.ts';

const misleading = {
  ...{ ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/v1', ANTHROPIC_API_KEY: 'wrong', MISTRAL_API_KEY: 'wrong' },
  ...{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:9' },
  ...{ AWS_BEARER_TOKEN_BEDROCK: 'wrong', AWS_ACCESS_KEY_ID: 'wrong', AWS_SECRET_ACCESS_KEY: 'wrong' },
  ...{ AWS_SESSION_TOKEN: 'wrong', AWS_REGION: 'us-east-1', COHERE_API_KEY: 'wrong' },
  ...{ GOOGLE_VERTEX_API_KEY: 'wrong', GOOGLE_VERTEX_PROJECT: 'wrong', GOOGLE_VERTEX_LOCATION: 'us-east1' },
  ...{ HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9' },
};

for (const wire of allWires) {
  test(`${wire.dialect}: address and key come from the charter, whatever the environment says`, async (t) => {
    const before = { ...process.env };
    Object.assign(process.env, misleading);
    t.after(() => {
      process.env = before;
    });
    const { port, asked } = await openWire(t, wire, answerAs(wire, 'text'));
    for (const body of [chatBody(wire), chatBody(wire, streamed)])
      assert.equal((await runChat(port, body)).start?.status, 200);
    for (const { headers, text, path } of asked) {
      assert.ok(path.startsWith('/v1/'), path);
      assert.ok(JSON.stringify(headers).includes('sk-1'));
      assert.ok(!JSON.stringify([headers, text, path]).includes('wrong'));
      assert.deepEqual([headers['accept-encoding'], headers['user-agent']], ['identity', undefined]);
    }
  });
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** docs.aws.amazon.com, “Create a signed AWS API request” */
function signature({ path, headers, text }: AskedProvider, secret: string): string {
  const [, date = '', scope = '', signed = ''] =
    /Credential=AKID\/((\d{8})\/[^,]+), SignedHeaders=([^,]+)/
      .exec(headers.authorization ?? '')
      ?.map((_, index, all) => String(index === 1 ? all[2] : index === 2 ? all[1] : all[index])) ?? [];
  const canonical = [
    ...['POST', path.split('/').map(encodeURIComponent).join('/'), ''],
    ...signed.split(';').map((name) => `${name}:${headers[name]}`),
    ...['', signed, sha256(text)],
  ].join('\n');
  const [, region = '', service = ''] = scope.split('/');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
  return hmac(key, ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')).toString('hex');
}

test('bedrock: with a key id, requests carry a signature of the region that the charter names', async (t) => {
  const asked: AskedProvider[] = [];
  const baseUrl = await answering(t, async (request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers, text: await readBody(request) });
    answerAs(bedrockWire, 'text')(response, { isStream: false });
  });
  const login = { key: new Secret('sk-1'), keyId: new Secret('AKID'), region: 'eu-north-1' };
  const port = openProviderPort(t, { dialect: 'bedrock', baseUrl, ...login });
  assert.equal((await runChat(port, chatBody(bedrockWire))).start?.status, 200);
  const [one] = asked as [AskedProvider];
  const { authorization = '' } = one.headers;
  assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-north-1\/bedrock\/aws4_request/);
  assert.equal(/Signature=(\w+)/.exec(authorization)?.[1], signature(one, 'sk-1'));
});

test('vertex: an access token goes as a bearer, an API key in its own header', async (t) => {
  const asked: AskedProvider['headers'][] = [];
  const baseUrl = await answering(t, (request, response) => {
    asked.push(request.headers);
    answerAs(vertexWire, 'text')(response, { isStream: false });
  });
  for (const key of ['AIza-1', 'ya29.token'])
    await runChat(openProviderPort(t, { dialect: 'vertex', baseUrl, key: new Secret(key) }), chatBody(vertexWire));
  assert.deepEqual(
    asked.map((headers) => [headers['x-goog-api-key'], headers.authorization]),
    [
      ['AIza-1', undefined],
      [undefined, 'Bearer ya29.token'],
    ],
  );
});

test('anthropic: its own messages pass byte by byte, with its version and the headers of the call', async (t) => {
  const body = { model: 'claude', max_tokens: 5, messages: [], unknown: { deep: 1.0 } };
  const baseUrl = await answering(t, async (request, response) => {
    const { 'x-api-key': key, 'anthropic-version': version, 'anthropic-beta': beta } = request.headers;
    const text = await readBody(request);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ url: request.url, key, version, beta, text }));
  });
  const port = openProviderPort(t, { dialect: 'anthropic', baseUrl });
  for (const path of ['/messages', '/messages/count_tokens']) {
    const { text } = await runCall(port, { path, body, headers: { 'anthropic-beta': 'files' } });
    assert.deepEqual(JSON.parse(text), {
      ...{ url: `/v1${path}`, key: 'sk-1', version: '2023-06-01', beta: 'files', text: JSON.stringify(body) },
    });
  }
});

test('anthropic: thinking stays within what the answer may have, and is refused where there is no room', async (t) => {
  const { port, asked } = await openWire(t, anthropicWire, answerAs(anthropicWire, 'text'));
  const body = (max_tokens: number, more: object = {}) =>
    chatBody(anthropicWire, { max_tokens, reasoning_effort: 'medium', ...more });
  assert.equal((await runChat(port, body(4_000))).start?.status, 200);
  const sent = JSON.parse(asked[0]?.text ?? '');
  assert.deepEqual([sent.max_tokens, sent.thinking], [4_000, { type: 'enabled', budget_tokens: 2_000 }]);
  assert.equal(await refusedParam(port, body(1_000)), 'reasoning_effort');
  assert.equal(await refusedParam(port, body(4_000, { temperature: 0.2 })), 'temperature');
  assert.equal(asked.length, 1);
});

test('what a provider would drop or clamp is refused before anything is sent, with its name', async (t) => {
  const { port, asked } = await openWire(t, anthropicWire, answerAs(anthropicWire, 'text'));
  const mistral = await openWire(t, mistralWire, answerAs(mistralWire, 'text'));
  const tools = [{ type: 'function', function: { name: 'a' } }];
  const image = (url: string) => ({
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });
  const cases: readonly [object, string][] = [
    [{ temperature: 1.5 }, 'temperature'],
    [{ temperature: 0.5, top_p: 0.5 }, 'top_p'],
    [{ seed: 1 }, 'seed'],
    [{ frequency_penalty: 1 }, 'frequency_penalty'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ tools: [{ type: 'custom', custom: {} }] }, 'tools.0.type'],
    [image('ftp://example.org/a.png'), 'image_url'],
    [image('http://example.org/a.png'), 'image_url'],
  ];
  for (const [more, param] of cases) {
    assert.equal(await refusedParam(port, chatBody(anthropicWire, more)), param);
  }
  const topK = { top_k: 5, tools, parallel_tool_calls: false };
  assert.equal(await refusedParam(mistral.port, chatBody(mistralWire, topK)), 'top_k');
  assert.deepEqual([asked.length, mistral.asked.length], [0, 0]);
});

test('a single call at a time is asked for where it can be', async (t) => {
  for (const wire of [anthropicWire, mistralWire]) {
    const { port, asked } = await openWire(t, wire, answerAs(wire, 'tools'));
    const tools = [{ type: 'function', function: { name: 'weather' } }];
    await runChat(port, chatBody(wire, { tools, parallel_tool_calls: false }));
    assert.match(asked[0]?.text ?? '', /"disable_parallel_tool_use":true|"parallel_tool_calls":false/);
  }
});
