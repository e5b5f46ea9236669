import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { ToldRecorder } from '../../../test/open-path.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { callParts, tellPort, walkPath } from '../../../test/walk-path.ts';
import { randomIds, systemClock } from '../../kit/index.ts';
import { callModel } from './7-call-model.ts';
import { screenAnswer } from './8-screen-answer.ts';
import { recordFailure, recordOutcome } from './9-record-outcome.ts';

const answer = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});

/** As far as an answer that is whole and waits; the model sends `body`. */
async function screened(body: string) {
  const { port } = tellPort((events) => {
    events.onStart({ status: body === '' ? 500 : 200, contentType: 'application/json' });
    events.onData(Buffer.from(body));
    events.onEnd();
  });
  const inForce = putInForce(
    exampleBytes(),
    (charter) => new Map(charter.backends.map(({ id }) => [id, port] as const)),
  );
  const recorder = new ToldRecorder();
  const walker = walkPath(inForce);
  const called = await callModel(await walker.record(recorder), callParts());
  return { recorder, walker, called, parts: { recorder, ids: randomIds(), installation: 'test', clock: systemClock } };
}

test('the answer goes out once its outcome is durable, not before', async () => {
  const { recorder, walker, called, parts } = await screened(answer);
  assert.ok(called.kind === 'answering');
  let seen = 'nothing';
  recorder.beforeOutcome = async () => {
    seen = walker.response.text;
    return 'recorded';
  };
  assert.equal(await recordOutcome(await screenAnswer(called), parts), null);
  assert.deepEqual([seen, walker.response.status, walker.response.text], ['', 200, answer]);
  const [{ usage, ended, reason }] = recorder.outcomes as [(typeof recorder.outcomes)[0]];
  assert.deepEqual([ended, reason, usage.promptTokens, usage.completionTokens], ['complete', 'stop', 3, 2]);
});

test('what the ledger has closed or cannot take is not given: 503 with its receipt, and not to be tried again by itself', async () => {
  for (const outcome of [async () => 'superseded' as const, () => Promise.reject(new Error('away'))]) {
    const { recorder, walker, called, parts } = await screened(answer);
    assert.ok(called.kind === 'answering');
    recorder.beforeOutcome = outcome;
    const problem = await recordOutcome(await screenAnswer(called), parts);
    assert.deepEqual([problem?.code, walker.response.text], ['ledger-unavailable', '']);
    assert.match(problem?.extras.receiptId ?? '', /^[0-9a-f]{32}$/);
    assert.equal(walker.exchange.headers.toRecord()['x-should-retry'], 'false');
  }
});

test('a failure that another route may follow is recorded and told to nobody; the last one ends the request', async () => {
  for (const isLast of [false, true]) {
    const { recorder, called, parts } = await screened('');
    assert.ok(called.kind === 'failed');
    const told = await recordFailure(called, { isLast }, parts);
    assert.equal(told.kind, isLast ? 'ended' : 'goes-on');
    assert.ok(told.problem?.code === 'upstream-failed' && told.problem.extras.receiptId !== undefined);
    assert.deepEqual(
      recorder.outcomes.map(({ ended }) => ended),
      ['failed'],
    );
  }
});

test('the event of a request has what all its attempts used, as its records have it', async () => {
  const { recorder, walker, called, parts } = await screened('');
  assert.ok(called.kind === 'failed');
  const billed = { ...called, failure: { ...called.failure, mayBeBilled: true } };
  for (const isLast of [false, true]) await recordFailure(billed, { isLast }, parts);
  const recorded = recorder.outcomes.reduce((sum, { usage }) => sum + usage.promptTokens, 0);
  assert.equal(recorder.outcomes.length, 2);
  assert.ok(recorded > 0);
  assert.equal(walker.exchange.event.promptTokens, recorded);
});
