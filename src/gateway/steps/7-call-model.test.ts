import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editedBytes, homeBackend } from '../../../test/charter-files.ts';
import { ToldRecorder } from '../../../test/open-path.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { callParts, tellPort, walkPath } from '../../../test/walk-path.ts';
import type { ModelEvents } from '../../inference/ports.ts';
import { callModel } from './7-call-model.ts';

const backends = homeBackend('only', 'upstreamModel: org/upstream\nprice: { inputPerMillion: 0, outputPerMillion: 0 }');
const messages = [{ role: 'user', content: 'Tere' }];

async function call(answer: (events: ModelEvents) => void, body: object = {}) {
  const told = tellPort(answer);
  const inForce = putInForce(editedBytes({ 'backends.yaml': backends }), () => new Map([['only', told.port]]));
  const walker = walkPath(inForce, { body: { model: 'auto', messages, ...body } });
  const recorded = await walker.record(new ToldRecorder());
  return { ...told, walker, called: await callModel(recorded, callParts()) };
}

const begin = (events: ModelEvents, contentType = 'application/json') => events.onStart({ status: 200, contentType });

test('the model gets the bytes that came, with its own name and the bound that was reserved, and nothing that no client knows', async () => {
  const { called, calls, walker } = await call((events) => begin(events), { 'no client\r\nknows': 1, max_tokens: 5 });
  assert.equal(called.kind, 'answering');
  const [sent] = calls;
  assert.equal(sent?.path, '/chat/completions');
  assert.deepEqual(JSON.parse(Buffer.from(sent?.body ?? []).toString()), {
    model: 'org/upstream',
    messages,
    max_tokens: 5,
  });
  // A client's words cannot become a header of their own.
  assert.equal(walker.exchange.headers.toRecord()['x-polity-dropped'], 'no?client??knows');
});

test('an answer of another media type than was asked for is none, and its call is given up', async () => {
  const { called, aborts } = await call((events) => begin(events, 'text/html'));
  assert.ok(called.kind === 'failed' && called.failure.problem.code === 'upstream-failed');
  assert.equal(aborts(), 1);
});

test('a stream has begun with its first whole frame: an error before it is still a status', async () => {
  const frame = (value: object) => Buffer.from(`data: ${JSON.stringify(value)}\n\n`);
  const piece = frame({ choices: [{ index: 0, delta: { content: 'Tere' }, finish_reason: null }] });
  const halves = await call(
    (events) => {
      begin(events, 'text/event-stream');
      events.onData(piece.subarray(0, 20));
      events.onData(piece.subarray(20));
    },
    { stream: true },
  );
  assert.ok(halves.called.kind === 'answering' && halves.called.firstFrames.length === 1);
  assert.equal(halves.walker.response.headersSent, false);
  halves.called.outlet?.stop();
  const broken = await call(
    (events) => {
      begin(events, 'text/event-stream');
      events.onData(frame({ error: { message: 'secret words' } }));
    },
    { stream: true },
  );
  assert.ok(broken.called.kind === 'failed' && broken.called.failure.problem.status === 502);
});

test('a client that leaves frees the model', async () => {
  const { called, aborts, walker } = await call((events) => begin(events));
  assert.equal(called.kind, 'answering');
  walker.response.destroy();
  assert.equal(aborts(), 1);
});

test('the names of what was dropped stay within what clients take as a header', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`unknown${at}${'x'.repeat(100)}`, 1]));
  const { walker } = await call((events) => begin(events), unknown);
  const named = walker.exchange.headers.toRecord()['x-polity-dropped'] ?? '';
  assert.ok(named.length < 4_096, `${named.length}`);
  assert.match(named, /^unknown0x+, unknown1x+, .*, and 3968 more$/);
});
