/**
 * Provider × API of the client × stream × what the provider does, over the whole path: right status and words, the provider's own
 * count billed, one decision for each call, and nobody asked behind a refusal.
 */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { answerAs } from './call-provider.ts';
import { type OpenPath, openPath, type TestBackend } from './open-path.ts';
import { allWires } from './provider-wire/all-wires.ts';
import { mistralWire } from './provider-wire/mistral.ts';
import type { Json, ProviderWire } from './provider-wire/wire.ts';
import { type RecordedRequest, type RecordingUpstream, startUpstream } from './recording-upstream.ts';

interface Provider {
  readonly name: string;
  readonly wire: ProviderWire;
  readonly backend: Pick<TestBackend, 'dialect' | 'more'>;
  /** Below the address of the server. */
  readonly base: string;
  /** Where the key stands, and what it looks like there. */
  readonly key: readonly [header: string, value: string];
}

const keys: Readonly<Record<string, readonly [string, string]>> = {
  anthropic: ['x-api-key', 'sk-1'],
  bedrock: ['authorization', 'Bearer sk-1'],
  vertex: ['x-goog-api-key', 'sk-1'],
};
const bearer = ['authorization', 'Bearer sk-1'] as const;
const more = (wire: ProviderWire, lines = '') => `key: env:POLITY_TEST_KEY\n  upstreamModel: ${wire.model}${lines}`;

/** Azure and Oracle speak OpenAI's own format, as Mistral nearly does. */
const providers: readonly Provider[] = [
  ...allWires.map((wire) => ({
    name: wire.dialect,
    wire,
    backend: { dialect: wire.dialect, more: more(wire) },
    base: '/v1',
    key: keys[wire.dialect] ?? bearer,
  })),
  {
    name: 'azure',
    wire: mistralWire,
    backend: { dialect: 'azure', more: more(mistralWire, '\n  apiVersion: "2024-10-21"') },
    base: '/openai/deployments/gpt',
    key: ['api-key', 'sk-1'],
  },
  {
    name: 'oracle',
    wire: mistralWire,
    backend: { dialect: 'openai', more: more(mistralWire) },
    base: '/20231130/actions/v1',
    key: bearer,
  },
];

type Answer = (response: ServerResponse, isStream: boolean) => void;
let answer: Answer = () => {};

interface Place {
  readonly path: OpenPath;
  readonly provider: RecordingUpstream;
  readonly second: RecordingUpstream;
}
const places = new Map<string, Place>();

before(async () => {
  process.env.POLITY_TEST_KEY = 'sk-1';
  for (const { name, wire, backend, base } of providers) {
    const provider = await startUpstream((request: RecordedRequest & { path?: string }, response) =>
      answer(response, wire.isStream(response.req.url ?? '', JSON.parse(request.body))),
    );
    const second = await startUpstream();
    const url = provider.url.replace('/v1', base);
    places.set(name, { provider, second, path: await openPath([{ url, asProvider: true, ...backend }, second.url]) });
  }
});
after(async () => {
  for (const { path, provider, second } of places.values()) {
    await path.close();
    await provider.close();
    await second.close();
  }
  delete process.env.POLITY_TEST_KEY;
});

const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const model = 'smollm2-135m-instruct';
const ask = { model, max_tokens: 500, messages: [{ role: 'user', content: 'Tere!' }] };

/** What a client of one API sends, and what it understands of the answer. */
interface Client {
  readonly endpoint: string;
  body(isStream: boolean, withTools: boolean): object;
  text(events: readonly Json[]): string;
  calls(events: readonly Json[]): string[];
  reason(events: readonly Json[]): string | null;
  readonly refused: string;
  readonly end: string;
}

const join = (values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined).join('');

const clients: Readonly<Record<string, Client>> = {
  chat: {
    endpoint: '/v1/chat/completions',
    body: (stream, withTools) => ({
      ...ask,
      ...(stream ? { stream } : {}),
      ...(withTools ? { tools: [{ type: 'function', function: { name: 'weather', parameters: weather } }] } : {}),
    }),
    text: (events) =>
      join(events.map(({ choices }) => (choices?.[0]?.delta ?? choices?.[0]?.message)?.content ?? undefined)),
    calls: (events) => {
      const made: string[] = [];
      for (const { choices } of events) {
        const said = choices?.[0]?.delta ?? choices?.[0]?.message;
        for (const [place, call] of (said?.tool_calls ?? []).entries()) {
          const at = call.index ?? place;
          made[at] = (made[at] ?? '') + (call.function.name ?? '') + (call.function.arguments ?? '');
        }
      }
      return made;
    },
    reason: (events) => events.map(({ choices }) => choices?.[0]?.finish_reason).find((reason) => reason) ?? null,
    refused: 'content_filter',
    end: 'data: [DONE]',
  },
  messages: {
    endpoint: '/v1/messages',
    body: (stream, withTools) => ({
      ...ask,
      ...(stream ? { stream } : {}),
      ...(withTools ? { tools: [{ name: 'weather', input_schema: weather }] } : {}),
    }),
    text: (events) =>
      join(events.flatMap(({ delta, content }) => [delta?.text, ...(content ?? []).map((part: Json) => part.text)])),
    calls: (events) => {
      const whole = events.flatMap(({ content }) => content ?? []).filter(({ type }: Json) => type === 'tool_use');
      if (whole.length > 0) return whole.map(({ name, input }: Json) => name + JSON.stringify(input));
      const made = new Map<number, string>();
      for (const { index, content_block: block, delta } of events) {
        if (block?.type === 'tool_use') made.set(index, block.name);
        if (delta?.partial_json !== undefined) made.set(index, made.get(index) + delta.partial_json);
      }
      return [...made.values()];
    },
    reason: (events) =>
      events.map(({ delta, stop_reason }) => delta?.stop_reason ?? stop_reason).find((reason) => reason) ?? null,
    refused: 'refusal',
    end: 'event: message_stop',
  },
};

async function run(place: Place, client: Client, wish: { isStream: boolean; withTools?: boolean }) {
  place.path.forget();
  place.path.recorder.intents.length = 0;
  place.path.recorder.outcomes.length = 0;
  place.provider.requests.length = 0;
  place.second.requests.length = 0;
  const response = await fetch(place.path.url + client.endpoint, {
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(client.body(wish.isStream, wish.withTools ?? false)),
  });
  const text = await response.text();
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const events: Json[] = isEvents
    ? [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data as string))
    : [JSON.parse(text)];
  const statements = place.path.recorder.statements().map(({ predicate }) => predicate);
  return { response, text, events, statements };
}

const failing = (wire: ProviderWire, status: number, headers: Record<string, string> = {}): Answer => {
  return (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(wire.error.body));
};
/** Everything but the last frame, then the connection breaks. */
const cut = (wire: ProviderWire): Answer => {
  return (response) => {
    response.writeHead(200, { 'content-type': wire.mediaType });
    for (const frame of wire.stream.text.slice(0, -1)) response.write(frame);
    setTimeout(() => response.destroy(), 50);
  };
};

type Check = (cell: { place: Place; provider: Provider; client: Client; isStream: boolean }) => Promise<void>;

/** Only a stream can end in the middle of its words. */
const BREAKS_OFF = 'breaks off';

const behaviours: Readonly<Record<string, Check>> = {
  'answers in words': async ({ place, provider, client, isStream }) => {
    answer = (response, asStream) => answerAs(provider.wire, 'text')(response, { isStream: asStream });
    const { response, events, text, statements } = await run(place, client, { isStream });
    assert.deepEqual([response.status, client.text(events)], [200, 'Tere, maailm'], text);
    assert.equal(text.includes(client.end), isStream);
    const [only] = statements;
    assert.equal(statements.length, 1);
    assert.deepEqual([only?.ended, only?.id], ['complete', response.headers.get('x-receipt-id')]);
    assert.deepEqual(only?.usage, { promptTokens: 7, completionTokens: 2, source: 'upstream' });
    const [header, value] = provider.key;
    assert.equal(place.provider.requests[0]?.headers[header], value);
    assert.equal(place.second.requests.length, 0);
  },
  'calls tools': async ({ place, provider, client, isStream }) => {
    answer = (response, asStream) => answerAs(provider.wire, 'tools')(response, { isStream: asStream });
    const { events, text, statements } = await run(place, client, { isStream, withTools: true });
    assert.deepEqual(client.calls(events), ['weather{"city":"Tallinn"}', 'weather{"city":"Tartu"}'], text);
    assert.deepEqual(
      statements.map(({ ended }) => ended),
      ['complete'],
    );
  },
  'refuses, and nobody else is asked': async ({ place, provider, client, isStream }) => {
    answer = (response, asStream) => answerAs(provider.wire, 'refused')(response, { isStream: asStream });
    const { response, events, text, statements } = await run(place, client, { isStream });
    assert.deepEqual([response.status, client.reason(events)], [200, client.refused], text);
    assert.deepEqual([statements.length, place.second.requests.length], [1, 0]);
  },
  'has too much to do, and the next of the legal set answers': async ({ place, provider, client, isStream }) => {
    answer = failing(provider.wire, 429, { 'retry-after': '7' });
    const { response, statements } = await run(place, client, { isStream });
    assert.equal(response.status, 200);
    assert.deepEqual(
      statements.map(({ ended }) => ended),
      ['failed', 'complete'],
    );
    assert.equal(statements[1]?.attempt.previous, statements[0]?.id);
    assert.deepEqual([place.provider.requests.length, place.second.requests.length], [1, 1]);
  },
  'fails, and the next of the legal set answers': async ({ place, provider, client, isStream }) => {
    answer = failing(provider.wire, 500);
    const { response, statements } = await run(place, client, { isStream });
    assert.equal(response.status, 200);
    assert.deepEqual(
      statements.map(({ ended }) => ended),
      ['failed', 'complete'],
    );
  },
  'says that the request is wrong, and nobody else is asked': async ({ place, provider, client, isStream }) => {
    answer = failing(provider.wire, 400);
    const { response, text, statements } = await run(place, client, { isStream });
    assert.equal(response.status, 400, text);
    assert.deepEqual([statements.map(({ ended }) => ended), place.second.requests.length], [['failed'], 0]);
    assert.ok(!text.includes('because'), 'words of the provider');
  },
  [BREAKS_OFF]: async ({ place, provider, client, isStream }) => {
    answer = cut(provider.wire);
    const { response, text, statements } = await run(place, client, { isStream });
    assert.equal(response.status, 200);
    assert.ok(!text.includes(client.end), text);
    assert.match(text, /"error"/);
    assert.deepEqual(
      statements.map(({ ended }) => ended),
      ['failed'],
    );
    assert.equal(place.second.requests.length, 0);
  },
};

for (const provider of providers) {
  for (const [api, client] of Object.entries(clients)) {
    for (const isStream of [false, true]) {
      test(`${provider.name}, asked by ${api}${isStream ? ', streamed' : ''}`, async (t) => {
        const place = places.get(provider.name) as Place;
        for (const [title, check] of Object.entries(behaviours)) {
          if (title === BREAKS_OFF && !isStream) continue;
          await t.test(title, () => check({ place, provider, client, isStream }));
        }
      });
    }
  }
}
