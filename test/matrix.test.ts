/**
 * Endpoint × stream × class of data × what the first backend does: wherever a request goes on to, nobody outside its
 * legal set gets a byte or a connection. The backends that the law bars have the best priority, so that any way around
 * the law would lead to them first.
 */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { type OpenPath, openPath } from './open-path.ts';
import { startTalking, type TalkingUpstream } from './talking-upstream.ts';

const names = ['virginia', 'helsinki', 'tallinn-1', 'tallinn-2'] as const;
type Name = (typeof names)[number];
const upstreams = {} as Record<Name, TalkingUpstream>;
let path: OpenPath;

before(async () => {
  for (const name of names) upstreams[name] = await startTalking();
  path = await openPath([
    { url: upstreams.virginia.url, place: { site: 'virginia', jurisdiction: 'US' } },
    { url: upstreams.helsinki.url, place: { site: 'helsinki', jurisdiction: 'FI' } },
    { url: upstreams['tallinn-1'].url },
    { url: upstreams['tallinn-2'].url },
  ]);
});
after(async () => {
  await path.close();
  for (const name of names) await upstreams[name].close();
});

const model = 'smollm2-135m-instruct';
type Body = (text: string) => Record<string, unknown> | FormData;

const form = (text: string, stream: boolean) => {
  const filled = new FormData();
  filled.set('model', model);
  filled.set('prompt', text);
  filled.set('file', new Blob([new Uint8Array(400)], { type: 'audio/mpeg' }), 'a.mp3');
  if (stream) filled.set('stream', 'true');
  return filled;
};
const edit = (text: string, stream: boolean) => {
  const filled = form(text, stream);
  filled.delete('file');
  filled.set('image', new Blob([new Uint8Array(400)], { type: 'image/png' }), 'a.png');
  return filled;
};
const messages = (text: string) => [{ role: 'user', content: text }];

/** Every endpoint, streamed too where it can be. */
const endpoints: Readonly<Record<string, Body>> = {
  '/v1/chat/completions': (text) => ({ model, messages: messages(text) }),
  '/v1/chat/completions stream': (text) => ({ model, messages: messages(text), stream: true }),
  '/v1/responses': (text) => ({ model, input: text }),
  '/v1/responses stream': (text) => ({ model, input: text, stream: true }),
  '/v1/completions': (text) => ({ model, prompt: text }),
  '/v1/completions stream': (text) => ({ model, prompt: text, stream: true }),
  '/v1/messages': (text) => ({ model, max_tokens: 9, messages: messages(text) }),
  '/v1/messages stream': (text) => ({ model, max_tokens: 9, messages: messages(text), stream: true }),
  '/v1/embeddings': (text) => ({ model, input: text }),
  '/v1/rerank': (text) => ({ model, query: text, documents: ['a'] }),
  '/v1/audio/transcriptions': (text) => form(text, false),
  '/v1/audio/transcriptions stream': (text) => form(text, true),
  '/v1/audio/translations': (text) => form(text, false),
  '/v1/audio/speech': (text) => ({ model, input: text, voice: 'a' }),
  '/v1/audio/speech stream': (text) => ({ model, input: text, voice: 'a', stream_format: 'sse' }),
  '/v1/images/generations': (text) => ({ model, prompt: text }),
  '/v1/images/edits': (text) => edit(text, false),
  '/v1/images/edits stream': (text) => edit(text, true),
  '/v1/moderations': (text) => ({ model, input: text }),
};

interface Guard {
  readonly classification: string;
  readonly purpose: string;
  readonly text: string;
  readonly legal: readonly Name[];
}

const inUnion: readonly Name[] = ['helsinki', 'tallinn-1', 'tallinn-2'];
const inCountry: readonly Name[] = ['tallinn-1', 'tallinn-2'];
const open = { classification: 'public', purpose: 'public-information' };
const office = { classification: 'internal', purpose: 'drafting' };
const person = 'My code is 37605030299.';
const guards: Readonly<Record<string, Guard>> = {
  'public, nothing found': { ...open, text: 'Tere', legal: inUnion },
  'public, personal data found': { ...open, text: person, legal: inUnion },
  internal: { ...office, text: 'Tere', legal: inCountry },
  'internal, personal data found': { ...office, text: person, legal: inCountry },
  'above what anybody may handle': { ...open, classification: 'top-secret', text: 'Tere', legal: [] },
};

type Fault = (response: ServerResponse) => void;
const status =
  (code: number, error: object = {}, headers: Record<string, string> = {}): Fault =>
  (response) =>
    void response
      .writeHead(code, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: 'secret of the upstream', ...error } }));

/** What the first legal backend does, and what the client sees then. */
const faults: Readonly<Record<string, { readonly does: Fault | null; readonly status: number }>> = {
  answers: { does: null, status: 200 },
  'breaks off before an answer': { does: (response) => response.destroy(), status: 200 },
  'is overloaded': { does: status(503), status: 200 },
  'limits its rate': { does: status(429), status: 200 },
  'has a fault': { does: status(500), status: 200 },
  'refuses our key': { does: status(401), status: 200 },
  'sends a page': {
    does: (response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>secret of the upstream'),
    status: 200,
  },
  'points to a backend abroad': {
    does: (response) => void response.writeHead(307, { location: `${upstreams.virginia.url}/chat/completions` }).end(),
    status: 200,
  },
  'refuses the content': { does: status(400, { code: 'content_filter' }), status: 400 },
};

async function send(endpoint: string, guard: Guard): Promise<Response> {
  const [url = '', stream] = endpoint.split(' ');
  const body = (endpoints[endpoint] as Body)(guard.text);
  const isForm = body instanceof FormData;
  return fetch(`${path.url}${url}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer right',
      'x-polity-purpose': guard.purpose,
      'x-polity-classification': guard.classification,
      ...(isForm ? {} : { 'content-type': 'application/json' }),
      accept: stream === undefined ? 'application/json' : 'text/event-stream',
    },
    body: isForm ? body : JSON.stringify(body),
  });
}

const heard = () => names.filter((name) => upstreams[name].heard.length > 0);

for (const [said, guard] of Object.entries(guards)) {
  for (const [what, fault] of Object.entries(faults)) {
    test(`${said}; the first backend ${what}: no byte leaves the legal set, on every endpoint`, async () => {
      const first = guard.legal[0];
      for (const endpoint of Object.keys(endpoints)) {
        path.forget();
        for (const name of names) upstreams[name].heard.length = 0;
        for (const name of names) upstreams[name].mood = null;
        if (first !== undefined)
          upstreams[first].mood = fault.does === null ? null : (_heard, response) => fault.does?.(response);
        const records = path.recorder.outcomes.length;
        const response = await send(endpoint, guard);
        const text = await response.text();
        const cell = `${endpoint}: ${text.slice(0, 300)}`;
        const isDenied = guard.legal.length === 0;
        assert.equal(response.status, isDenied ? 403 : fault.status, cell);
        assert.doesNotMatch(text, /secret of the upstream/, cell);
        const goesOn = fault.does !== null && fault.status === 200;
        const expected = isDenied ? [] : guard.legal.slice(0, goesOn ? 2 : 1);
        assert.deepEqual(heard(), expected, cell);
        assert.equal(
          path.recorder.outcomes.length - records,
          Math.max(1, expected.length),
          `${cell}: one record for each attempt`,
        );
        assert.equal(path.held(), 0, cell);
      }
      assert.equal(upstreams.virginia.connections(), 0);
    });
  }
}

test('the matrix has every inference endpoint', async () => {
  const { dialects } = await import('../src/gateway/index.ts');
  const asked = new Set(Object.keys(endpoints).map((name) => name.split(' ')[0]));
  const missing = dialects.map(({ endpoint }) => endpoint).filter((endpoint) => !asked.has(endpoint));
  // Quotations ask nobody, and tokens are counted here or by the backend that would answer.
  assert.deepEqual(missing, ['/v1/messages/count_tokens', '/v1/quotes']);
});
