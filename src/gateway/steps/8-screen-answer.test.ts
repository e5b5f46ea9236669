import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { ToldRecorder } from '../../../test/open-path.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { callParts, tellPort, walkPath } from '../../../test/walk-path.ts';
import type { ModelEvents } from '../../inference/ports.ts';
import { sha256Hex } from '../../kit/index.ts';
import type { Asking, StreamReader } from '../dialect.ts';
import { callModel } from './7-call-model.ts';
import { screenAnswer } from './8-screen-answer.ts';

const frame = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const piece = (content: string, finish: string | null = null) =>
  frame({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const DONE = 'data: [DONE]\n\n';

async function screen(answer: (events: ModelEvents) => void, stream: boolean) {
  const told = tellPort(answer);
  const inForce = putInForce(
    exampleBytes(),
    (charter) => new Map(charter.backends.map(({ id }) => [id, told.port] as const)),
  );
  const walker = walkPath(inForce, { body: { model: 'auto', messages: [{ role: 'user', content: 'Tere' }], stream } });
  const called = await callModel(await walker.record(new ToldRecorder()), callParts());
  assert.ok(called.kind === 'answering');
  return { ...told, sent: () => walker.response.text, screened: await screenAnswer(called) };
}

const streamed = (...pieces: string[]) =>
  screen((events) => {
    events.onStart({ status: 200, contentType: 'text/event-stream' });
    for (const one of pieces) events.onData(Buffer.from(one));
    events.onEnd();
  }, true);

test('a whole answer is held back whole, byte for byte as it came, with what it says', async () => {
  const choice = { index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' };
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const wire = Buffer.from(`${JSON.stringify({ choices: [choice], usage }, null, 1)}\n`);
  const { screened, sent } = await screen((events) => {
    events.onStart({ status: 200, contentType: 'application/json' });
    events.onData(wire.subarray(0, 9));
    events.onData(wire.subarray(9));
    events.onEnd();
  }, false);
  assert.ok(wire.equals(screened.held));
  assert.deepEqual([screened.wireDigest, screened.summary.textDigests], [sha256Hex(wire), [sha256Hex('Tere')]]);
  assert.deepEqual(screened.summary.usage, { promptTokens: 3, completionTokens: 2 });
  assert.deepEqual([screened.failure, sent()], [null, '']);
});

test('a stream passes on what may go and holds its end back; the digest is of all that the client gets', async () => {
  const { screened, sent } = await streamed(piece('Te'), piece('re'), piece('', 'stop'), DONE);
  const held = Buffer.from(screened.held).toString();
  assert.equal(sent(), piece('Te') + piece('re'));
  assert.equal(held, piece('', 'stop') + DONE);
  assert.equal(screened.wireDigest, sha256Hex(sent() + held));
  assert.deepEqual([screened.failure, screened.sentBytes], [null, sent().length]);
});

test('a stream without its end, with an error in it, or that becomes none is broken: nothing is held to be sent', async () => {
  for (const rest of ['', frame({ error: { message: 'secret words' } }), 'data: {no json\n\n']) {
    const { screened, sent, aborts } = await streamed(piece('Tere'), rest);
    assert.equal(screened.failure?.problem.code, 'upstream-failed', rest);
    assert.deepEqual([screened.held.length, sent().includes('secret'), aborts()], [0, false, 1]);
    assert.equal(screened.summary.textDigests[0], sha256Hex('Tere'));
  }
});

test('what comes behind the end without an end of its own is not gathered in memory', async () => {
  const more = piece('x'.repeat(100_000));
  const { screened, aborts } = await streamed(piece('Tere'), piece('', 'stop'), ...Array(20).fill(more));
  assert.equal(screened.failure?.problem.code, 'upstream-failed');
  assert.deepEqual([screened.held.length, aborts()], [0, 1]);
});

test('a fault of ours in reading a stream ends it like a cut: what went out is digested and counted, and nothing runs on', async () => {
  const told = tellPort((events) => {
    events.onStart({ status: 200, contentType: 'text/event-stream' });
    events.onData(Buffer.from(piece('Tere')));
    events.onData(Buffer.from(piece('!')));
  });
  const inForce = putInForce(
    exampleBytes(),
    (charter) => new Map(charter.backends.map(({ id }) => [id, told.port] as const)),
  );
  const messages = [{ role: 'user', content: 'Tere' }];
  const walker = walkPath(inForce, { body: { model: 'auto', messages, stream: true } });
  const recorded = await walker.record(new ToldRecorder());
  const { ask } = recorded.inquiry;
  let fed = 0;
  const broken = (backend: Parameters<typeof ask>[0]): Asking => {
    const asking = ask(backend);
    const reader = asking.reader as StreamReader;
    const feed = (chunk: Uint8Array) => {
      if (++fed === 2) throw new TypeError('a bug');
      return reader.feed(chunk);
    };
    return { ...asking, reader: { feed, finish: () => reader.finish(), summary: () => reader.summary() } };
  };
  const called = await callModel({ ...recorded, inquiry: { ...recorded.inquiry, ask: broken } }, callParts());
  assert.ok(called.kind === 'answering');
  const screened = await screenAnswer(called);
  assert.equal(screened.failure?.problem.code, 'internal');
  assert.deepEqual([screened.held.length, told.aborts()], [0, 1]);
  assert.equal(screened.wireDigest, sha256Hex(walker.response.text));
  assert.deepEqual([screened.summary.textDigests, screened.summary.counted > 0], [[sha256Hex('Tere')], true]);
});

test('a whole answer that is none says nothing of the backend’s words', async () => {
  for (const body of ['', '<html>', '{"choices":{}}', '[]']) {
    const { screened } = await screen((events) => {
      events.onStart({ status: 200, contentType: 'application/json' });
      if (body !== '') events.onData(Buffer.from(body));
      events.onEnd();
    }, false);
    assert.equal(screened.failure?.problem.status, 502, body);
    assert.deepEqual([screened.held.length, screened.wireDigest], [0, sha256Hex('')]);
  }
});
