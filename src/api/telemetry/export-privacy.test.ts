/** What a collector, the log and `/metrics` never get; and what a backend never gets. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { askObserved, type Observed, openObserved } from '../../../test/open-observed.ts';
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

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const SERVER = 2;
const serverOf = ({ collector }: Observed) => collector.spans().find(({ kind }) => kind === SERVER);

/** Quotes, a line break, what looks like a label, scripts, a lone surrogate, an astral character. */
const odd = ['canary"} 1\n', 'canary\\', 'canary\u0000\u202e', 'canary-õäöü-مرحبا-你好', 'canary\ud800', 'canary🦉'];

test('nothing that a client or an upstream writes is in a span, a metric, a log line or a header of the export', async () => {
  const talkative = await upstream(({ body }, response) => {
    const kind = (JSON.parse(body) as { user?: string }).user;
    const choice = {
      index: 0,
      message: { role: 'assistant', content: 'canary-answer' },
      finish_reason: 'canary-reason',
    };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    if (kind === 'fails')
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"canary-error"}}');
    else if (kind === 'refuses')
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"error":{"message":"canary-error","code":"context_length"}}');
    else
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-canary': 'canary-header' })
        .end(JSON.stringify({ id: 'canary-id', model: 'canary-model', choices: [choice], usage }));
  });
  const all = await observed([talkative.url]);
  const headers = {
    'user-agent': 'canary-agent',
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: 'vendor=canary-state',
    baggage: 'canary-baggage=1',
    'x-polity-conversation': 'canary-conversation',
    'x-request-id': 'canary-request',
  };
  let asked = 0;
  const send = async (more: object) => {
    asked++;
    return (await askObserved(all, more, { headers })).text();
  };
  for (const content of odd) await send({ messages: [{ role: 'user', content }] });
  for (const user of ['fails', 'refuses', 'canary-user']) await send({ user });
  await send({ model: 'canary-model-of-the-client' });
  await send({ canary_field: 'canary', messages: [{ role: 'canary-role', content: 'x' }] });
  await send({ response_format: { type: 'canary-format' } });
  await all.finish(asked);
  assert.equal(all.collector.spans().filter(({ kind }) => kind === SERVER).length, asked);
  assert.doesNotMatch(all.collector.text(), /canary/i);
  assert.doesNotMatch(await all.telemetry.metrics.render(), /canary/i);
  assert.doesNotMatch(all.log(), /canary/i);
  assert.ok(all.collector.text().length > 1_000 && all.log().split('\n').length > asked);
  assert.match(all.collector.text(), /"_OTHER"/, 'a finish reason of no API has no words');
});

test('a query that a client adds to the address is in no span', async () => {
  const all = await observed([(await upstream()).url]);
  await (await fetch(`${all.path.url}/v1/chat/completions?canary=1`, { headers: { host: 'canary.example' } })).text();
  await all.finish(1);
  assert.equal(serverOf(all)?.attributes['http.request.method'], '_OTHER');
  assert.doesNotMatch(all.collector.text(), /canary/);
});

test('the trace of the caller goes on here, and no backend hears of it', async () => {
  const up = await upstream();
  const all = await observed([up.url]);
  await (await askObserved(all, {}, { headers: { traceparent: `00-${traceId}-${spanId}-01` } })).text();
  await all.finish(1);
  const server = serverOf(all);
  assert.deepEqual([server?.traceId, server?.parentSpanId], [traceId, spanId]);
  assert.ok(all.collector.spans().every((span) => span.traceId === traceId));
  const sent = JSON.stringify(up.requests.map(({ headers }) => headers));
  assert.doesNotMatch(sent, /traceparent|tracestate|baggage/);
  assert.ok(!sent.includes(traceId) && !all.collector.spans().some(({ spanId: own }) => sent.includes(own)));
});

test('what the caller does not record is not recorded here, and still counts', async () => {
  const all = await observed([(await upstream()).url]);
  await (await askObserved(all, {}, { headers: { traceparent: `00-${traceId}-${spanId}-00` } })).text();
  await all.finish(1);
  assert.deepEqual(all.collector.spans(), []);
  assert.equal(all.collector.points('gen_ai.server.request.duration')[0]?.count, 1);
  assert.match(all.log(), new RegExp(`"traceId":"${traceId}"`), 'the line can still be found by it');
});

test('an operator may take every trace, none, or a share, whatever callers want', async () => {
  const header = { traceparent: `00-${traceId}-${spanId}-01` };
  for (const [sampler, spans] of [
    ['always_off', 0],
    ['traceidratio', 0],
    ['parentbased_always_off', 1],
  ] as const) {
    const variables = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0' };
    const all = await observed([(await upstream()).url], variables);
    await (await askObserved(all, {}, { headers: header })).text();
    await all.finish(1);
    assert.equal(all.collector.spans().filter(({ kind }) => kind === SERVER).length, spans, sampler);
  }
});

test('one signal alone can be exported', async () => {
  const all = await observed([(await upstream()).url], { OTEL_TRACES_EXPORTER: 'none' });
  await (await askObserved(all)).text();
  await all.finish(1);
  assert.deepEqual(all.collector.spans(), []);
  assert.equal(all.collector.points('gen_ai.server.request.duration').length, 1);
});

test('a collector that hangs, refuses or is gone changes nothing for requests, and keeps no process', async () => {
  for (const mood of ['hangs', 'refuses', 'gone'] as const) {
    const quickly = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_BSP_MAX_QUEUE_SIZE: '4', OTEL_METRIC_EXPORT_INTERVAL: '20' };
    const all = await observed([(await upstream()).url], quickly);
    all.collector.mood = mood === 'hangs' ? () => {} : (response) => void response.writeHead(503).end();
    if (mood === 'gone') await all.collector.close();
    const answers = await Promise.all(Array.from({ length: 24 }, () => askObserved(all)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]), mood);
    for (const answer of answers) assert.match(await answer.text(), /maailm/, mood);
    if (mood !== 'gone') for (let tries = 0; tries < 500 && all.collector.requests() === 0; tries++) await delay(10);
    await all.finish(24);
    assert.equal(all.log().trim().split('\n').length, 24, mood);
  }
});

test('without an export a line still has the id of the trace of its caller', async () => {
  const all = await observed([(await upstream()).url], { OTEL_SDK_DISABLED: 'true' });
  await (await askObserved(all, {}, { headers: { traceparent: `00-${traceId}-${spanId}-01` } })).text();
  await (await askObserved(all, {}, { headers: { traceparent: 'canary' } })).text();
  await all.finish(2);
  assert.equal(all.collector.requests(), 0);
  assert.equal(all.log().match(/"traceId"/g)?.length, 1);
  assert.match(all.log(), new RegExp(`"traceId":"${traceId}"`));
});

test('spans that find the queue full are dropped and counted', async () => {
  const variables = {
    OTEL_BSP_MAX_QUEUE_SIZE: '3',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_METRIC_EXPORT_INTERVAL: '50',
  };
  const all = await observed([(await upstream()).url], variables);
  all.collector.mood = (response) => {
    // Traces are never answered; metrics are.
    if (response.req.url === '/v1/metrics') response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  for (let round = 0; round < 4; round++) await (await askObserved(all)).text();
  const dropped = () =>
    all.collector
      .points('otel.sdk.processor.span.processed')
      .find(({ attributes }) => attributes['error.type'] === 'queue_full')?.sum ?? 0;
  for (let tries = 0; tries < 500 && dropped() < 4 * 5 - 6; tries++) await delay(10);
  assert.ok(dropped() >= 4 * 5 - 6, `${dropped()} dropped`);
  assert.ok(all.collector.spans().length <= 3);
});
