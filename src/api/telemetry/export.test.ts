/** What a collector gets of requests, over real HTTP on all sides. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, test } from 'node:test';
import { askObserved, type Observed, openObserved } from '../../../test/open-observed.ts';
import type { SeenSpan } from '../../../test/otlp-collector.ts';
import { type Answering, type RecordingUpstream, startUpstream } from '../../../test/recording-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function upstream(answer?: Answering): Promise<RecordingUpstream> {
  const started = await startUpstream(answer);
  open.push(started);
  return started;
}

async function observed(...given: Parameters<typeof openObserved>): Promise<Observed> {
  const opened = await openObserved(...given);
  open.push(opened);
  return opened;
}

const SERVER = 2;
const CLIENT = 3;
const ofKind = (spans: readonly SeenSpan[], kind: number) => spans.filter((span) => span.kind === kind);
const sse = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

test('a request is one span with its decision, and within it one for the call, by the conventions', async () => {
  const { url } = await upstream();
  const all = await observed([url]);
  const response = await askObserved(all);
  await response.text();
  await all.finish(1);
  const spans = all.collector.spans();
  const [server, ...moreServers] = ofKind(spans, SERVER);
  const [client, ...moreClients] = ofKind(spans, CLIENT);
  assert.ok(server && client);
  assert.deepEqual([moreServers, moreClients], [[], []]);
  assert.equal(server.name, 'POST /v1/chat/completions');
  const says = (span: SeenSpan, ...names: string[]) => names.map((name) => span.attributes[name]);
  assert.deepEqual(
    says(server, 'http.request.method', 'http.route', 'http.response.status_code', 'polity.decision', 'polity.purpose'),
    ['POST', '/v1/chat/completions', 200, 'allowed', 'drafting'],
  );
  assert.equal(server.attributes['polity.receipt.id'], response.headers.get('x-receipt-id'));
  assert.equal(client.name, 'chat smollm2-135m-instruct');
  assert.equal(client.parentSpanId, server.spanId);
  assert.deepEqual(
    says(client, 'gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.response.finish_reasons', 'server.address'),
    ['chat', 'openai', ['stop'], '127.0.0.1'],
  );
  assert.deepEqual(says(client, 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'server.port'), [
    7,
    2,
    Number(new URL(url).port),
  ]);
  assert.deepEqual(says(client, 'polity.site', 'polity.site.jurisdiction', 'error.type'), ['tallinn', 'EE', undefined]);
  const steps = spans.filter(({ kind }) => kind === 1).map(({ name }) => name);
  assert.deepEqual(steps, ['read-request', 'record-intent', 'record-outcome']);
  assert.ok(spans.every(({ traceId, startMs, endMs }) => traceId === server.traceId && startMs <= endMs));
  assert.ok(client.startMs >= server.startMs && client.endMs <= server.endMs + 1);
  assert.equal(all.collector.resource()['service.name'], 'polity');
  assert.equal(all.collector.resource()['service.instance.id'], 'worker-1');
  assert.match(all.log(), new RegExp(`"traceId":"${server.traceId}"`));
});

test('`/metrics` and the collector are told the same numbers, by the conventions', async () => {
  const all = await observed([(await upstream()).url]);
  await (await askObserved(all)).text();
  await (await askObserved(all, { stream: true })).text();
  await all.finish(2);
  const text = await all.telemetry.metrics.render();
  for (const [name, shown, count] of [
    ['gen_ai.client.operation.duration', 'gen_ai_client_operation_duration_seconds', 2],
    ['gen_ai.client.operation.time_to_first_chunk', 'gen_ai_client_operation_time_to_first_chunk_seconds', 1],
    ['gen_ai.server.request.duration', 'gen_ai_server_request_duration_seconds', 2],
    ['gen_ai.server.time_to_first_token', 'gen_ai_server_time_to_first_token_seconds', 1],
    ['gen_ai.server.time_per_output_token', 'gen_ai_server_time_per_output_token_seconds', 1],
  ] as const) {
    assert.deepEqual(
      all.collector.points(name).map((point) => point.count),
      [count],
      name,
    );
    assert.match(text, new RegExp(`^${shown}_count\\{.*worker="worker-1".*\\} ${count}$`, 'm'));
    assert.match(text, new RegExp(`^# TYPE ${shown} histogram$`, 'm'));
  }
  const tokens = all.collector.points('gen_ai.client.token.usage');
  assert.deepEqual(
    tokens.map(({ attributes, sum, count }) => [attributes['gen_ai.token.type'], sum, count]),
    [
      ['input', 14, 2],
      ['output', 4, 2],
    ],
  );
  assert.deepEqual(
    all.collector.points('polity_requests_total').map(({ sum }) => sum),
    [2],
  );
  assert.doesNotMatch(JSON.stringify(tokens), /key_test/);
});

test('a streamed answer says when its first piece came', async () => {
  const all = await observed([(await upstream()).url]);
  await (await askObserved(all, { stream: true })).text();
  await all.finish(1);
  const [client] = ofKind(all.collector.spans(), CLIENT);
  assert.equal(client?.attributes['gen_ai.request.stream'], true);
  const first = Number(client?.attributes['gen_ai.response.time_to_first_chunk']);
  assert.ok(first > 0 && first < 60, String(first));
});

test('a refusal is a span without a call, with the clause, and no fault of the server', async () => {
  const all = await observed([(await upstream()).url]);
  const refused = await askObserved(all, {}, { headers: { 'x-polity-classification': 'secret' } });
  assert.equal(refused.status, 403);
  await all.finish(1);
  const spans = all.collector.spans();
  const [server] = ofKind(spans, SERVER);
  assert.deepEqual(ofKind(spans, CLIENT), []);
  assert.equal(server?.status, 0);
  assert.equal(server?.attributes['polity.decision'], 'denied');
  assert.equal(server?.attributes['polity.problem'], 'refused-by-policy');
  assert.notDeepEqual(server?.attributes['polity.clauses'] ?? [], []);
  const [point] = all.collector.points('gen_ai.server.request.duration');
  assert.equal(point?.attributes['error.type'], 'refused-by-policy');
});

test('a fallback is two calls within one request, each with its receipt', async () => {
  const failing = await upstream((_request, response) => void response.writeHead(500).end());
  const all = await observed([failing.url, (await upstream()).url]);
  assert.equal((await askObserved(all)).status, 200);
  await all.finish(1);
  const calls = ofKind(all.collector.spans(), CLIENT);
  assert.deepEqual(
    calls.map(({ attributes, status }) => [attributes['polity.backend'], attributes['error.type'], status]),
    [
      ['backend-0', 'upstream-failed', 2],
      ['backend-1', undefined, 0],
    ],
  );
  assert.deepEqual(
    calls.map(({ attributes }) => attributes['polity.attempt']),
    [1, 2],
  );
  assert.equal(new Set(calls.map(({ attributes }) => attributes['polity.receipt.id'])).size, 2);
  const points = all.collector.points('gen_ai.client.operation.duration');
  assert.deepEqual(
    points.map(({ attributes }) => [attributes['polity.backend'], attributes['error.type']]),
    [
      ['backend-0', 'upstream-failed'],
      ['backend-1', undefined],
    ],
  );
});

test('a client that leaves is a call that is unfinished, in spans, metrics and the log', async () => {
  const up = await upstream((_request, response) => {
    sse(response).write('data: {"choices":[{"index":0,"delta":{"content":"Tere"},"finish_reason":null}]}\n\n');
  });
  const all = await observed([up.url]);
  const abort = new AbortController();
  const response = await askObserved(all, { stream: true }, { signal: abort.signal });
  await response.body?.getReader().read();
  abort.abort();
  await all.finish(1);
  const [client] = ofKind(all.collector.spans(), CLIENT);
  assert.equal(client?.attributes['polity.ended'], 'unfinished');
  assert.equal(client?.attributes['error.type'], 'unfinished');
  assert.equal(all.collector.points('gen_ai.client.operation.duration')[0]?.attributes['error.type'], 'unfinished');
  assert.match(all.log(), /"ended":"unfinished"/);
});

test('a question of the assistant is a trace of its own, without words of HTTP', async () => {
  const all = await observed([(await upstream()).url]);
  const asker = { id: 'guest-1', tenant: 'public', purpose: 'public-information', limits: {} };
  const question = { mode: 'chat', question: 'Tere', language: 'en', history: [], asker } as const;
  const listener = { onReceipt: () => {}, onText: () => {} };
  const answer = await all.path.inside.ask(question, listener, new AbortController().signal);
  assert.equal(answer.kind, 'complete');
  await all.finish(1);
  const spans = all.collector.spans();
  const request = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  assert.deepEqual([request?.name, request?.kind], ['/v1/chat/completions', 1]);
  assert.equal(request?.attributes['http.route'], undefined);
  assert.equal(ofKind(spans, CLIENT)[0]?.attributes['polity.receipt.id'], answer.receiptId);
  assert.doesNotMatch(all.collector.text(), /guest-1|Tere/);
});
