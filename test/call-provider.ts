import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { openProvider, type ProviderOptions } from '../src/inference/providers/open-provider.ts';
import { Secret } from '../src/inference/resolve-secret.ts';
import { answering, readBody, runCall, type Watch } from './call-upstream.ts';
import type { Json, ProviderWire } from './provider-wire/wire.ts';

export interface AskedProvider {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A loopback server that speaks as the provider does, and the port to it. */
export async function openWire(
  t: TestContext,
  wire: ProviderWire,
  answer: (response: ServerResponse, asked: AskedProvider & { isStream: boolean }) => void,
) {
  const asked: AskedProvider[] = [];
  const base = await answering(t, async (request, response) => {
    const text = await readBody(request);
    const one = { path: request.url ?? '', headers: request.headers, text };
    asked.push(one);
    answer(response, { ...one, isStream: wire.isStream(one.path, JSON.parse(text)) });
  });
  return { asked, port: openProviderPort(t, { dialect: wire.dialect, baseUrl: base }) };
}

export function openProviderPort(
  t: TestContext,
  options: Pick<ProviderOptions, 'dialect' | 'baseUrl'> & Partial<ProviderOptions>,
) {
  const port = openProvider({
    connections: 2,
    allowPrivateAddress: true,
    silenceMs: 5_000,
    key: new Secret('sk-1'),
    ...options,
  });
  t.after(() => port.close());
  return port;
}

/** The wire's answer of this name, whole or as a stream. */
export function answerAs(wire: ProviderWire, name: keyof ProviderWire['whole']) {
  return (response: ServerResponse, { isStream }: { isStream: boolean }) => {
    if (!isStream)
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wire.whole[name]));
    response.writeHead(200, { 'content-type': wire.mediaType });
    for (const frame of wire.stream[name]) response.write(frame);
    response.end();
  };
}

export const chatBody = (wire: ProviderWire, more: object = {}) => ({
  model: wire.model,
  max_tokens: 500,
  messages: [{ role: 'user', content: 'Tere!' }],
  ...more,
});

export const streamed = { stream: true, stream_options: { include_usage: true } };

/** Runs one chat and reads the frames that came. */
export async function runChat(port: Parameters<typeof runCall>[0], body: object, watch: Watch = {}) {
  const seen = await runCall(port, { ...watch, body });
  const frames = seen.text.split('\n\n').filter((frame) => frame !== '');
  const isStream = seen.start?.contentType === 'text/event-stream';
  const read = (frame: string): Json => JSON.parse(frame.slice('data: '.length));
  return {
    ...seen,
    isDone: frames.at(-1) === 'data: [DONE]',
    chunks: isStream ? frames.filter((frame) => frame !== 'data: [DONE]').map(read) : [],
    json: !isStream && seen.text !== '' ? (JSON.parse(seen.text) as Json) : null,
  };
}

/** The parameter by which a chat was refused before anything was sent; null where it was not. */
export async function refusedParam(port: Parameters<typeof runCall>[0], body: object): Promise<string | null> {
  const { start, failure } = await runChat(port, body);
  return start === null && failure?.kind === 'unable' ? (failure.problem.extras.param ?? null) : null;
}

/** What was sent for a chat that the wire answers. */
export async function sentFor(t: TestContext, wire: ProviderWire, more: object): Promise<Json> {
  const { port, asked } = await openWire(t, wire, answerAs(wire, 'text'));
  const { start, failure } = await runChat(port, chatBody(wire, more));
  assert.deepEqual([start?.status, failure, asked.length], [200, null, 1]);
  return JSON.parse(asked[0]?.text ?? '');
}

/** The parameter by which it was refused, with nothing sent. */
export async function refusedBy(t: TestContext, wire: ProviderWire, more: object): Promise<string | null> {
  const { port, asked } = await openWire(t, wire, answerAs(wire, 'text'));
  const param = await refusedParam(port, chatBody(wire, more));
  assert.equal(asked.length, 0);
  return param;
}
