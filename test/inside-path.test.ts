/** The path as the assistant takes it: the same nine steps, the same record, without a connection. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, test } from 'node:test';
import type { PathQuestion } from '../src/assistant/ports.ts';
import { type OpenPath, openPath } from './open-path.ts';
import { startUpstream } from './recording-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function path(...wanted: Parameters<typeof openPath>): Promise<OpenPath> {
  const opened = await openPath(...wanted);
  open.push(opened);
  return opened;
}

const asker = { id: 'guest-1', tenant: 'public', purpose: 'public-information', limits: {} };
const question: PathQuestion = {
  mode: 'quoted',
  question: 'Kuidas registreerida lapse sündi?',
  language: 'et',
  history: [],
  asker,
};

function listener() {
  const heard = { receipts: [] as string[], text: '' };
  return {
    heard,
    onReceipt: (id: string) => void heard.receipts.push(id),
    onText: (text: string) => {
      heard.text += text;
    },
  };
}

const wire = Buffer.from(JSON.stringify({ object: 'quoted_answer', passages: [{ text: 'Üks.' }, { text: 'Kaks.' }] }));

test('a quoted answer names the backend retrieval, no model, and commits to its exact bytes and to the passages', async () => {
  const asked: string[] = [];
  const opened = await path([], {
    quote: async (body) => {
      asked.push(Buffer.from(body).toString());
      return wire;
    },
  });
  const ears = listener();
  const answer = await opened.inside.ask(question, ears, new AbortController().signal);
  assert.equal(answer.kind, 'complete');
  assert.ok(answer.kind === 'complete' && wire.equals(answer.wire));
  const [statement] = opened.recorder.statements();
  const { model, backend, endpoint, ended, salts, usage, purpose, tenant } = statement!.predicate;
  assert.deepEqual(
    [model, backend?.id, endpoint, ended, purpose.id, tenant],
    [null, 'retrieval', '/v1/quotes', 'complete', 'public-information', 'public'],
  );
  assert.deepEqual([usage.promptTokens, usage.completionTokens, opened.held()], [0, 0, 0]);
  assert.deepEqual(ears.heard.receipts, [answer.receiptId]);
  assert.equal(JSON.parse(asked[0]!).question, question.question);
  const commit = (name: string, bytes: Uint8Array | string) => {
    const inner = createHash('sha256').update(bytes).digest();
    const salt = Buffer.from(salts[name]!, 'base64');
    return createHash('sha256').update('polity-commit-v1\n').update(salt).update(inner).digest('hex');
  };
  const said = Object.fromEntries(statement!.subject.map(({ name, digest }) => [name, digest.polityCommitV1]));
  assert.equal(said['answer/wire'], commit('answer/wire', wire));
  assert.equal(said['answer/text/0'], commit('answer/text/0', 'Üks.\n\nKaks.'));
});

test('retrieval that fails is recorded as failed and told as a problem with its receipt', async () => {
  const opened = await path([], { quote: () => Promise.reject(new Error('the database is away')) });
  const answer = await opened.inside.ask(question, listener(), new AbortController().signal);
  assert.ok(answer.kind === 'problem' && answer.receiptId !== null);
  assert.equal(opened.recorder.statements()[0]!.predicate.ended, 'failed');
});

test('what no clause permits is refused with its clauses, recorded, and nobody was asked', async () => {
  let asked = 0;
  const opened = await path([], {
    quote: async () => {
      asked++;
      return wire;
    },
  });
  const answer = await opened.inside.ask(
    {
      ...question,
      asker: { ...asker, tenant: 'startup', purpose: 'startup-development' },
      question: 'Minu isikukood on 37605030299',
    },
    listener(),
    new AbortController().signal,
  );
  assert.ok(answer.kind === 'problem');
  assert.equal(answer.problem.code, 'refused-by-policy');
  assert.ok(Array.isArray(answer.problem.extras.members?.clauses));
  assert.deepEqual([asked, opened.recorder.statements()[0]!.predicate.ended], [0, 'refused']);
});

test('the free conversation streams its text as it comes, and the history goes with it', async () => {
  const up = await startUpstream();
  open.push(up);
  const opened = await path([up.url]);
  const ears = listener();
  const history = [{ question: 'Hello', answer: 'Hi' }];
  const answer = await opened.inside.ask({ ...question, mode: 'chat', history }, ears, new AbortController().signal);
  assert.equal(answer.kind, 'complete');
  assert.ok(ears.heard.text.length > 0);
  const sent = JSON.parse(String(up.requests[0]!.body)) as { messages: { content: string }[] };
  assert.deepEqual(
    sent.messages.map(({ content }) => content),
    ['Hello', 'Hi', question.question],
  );
});

test('Stop frees the model, and the record says unfinished', async () => {
  const stop = new AbortController();
  const up = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"choices":[{"index":0,"delta":{"content":"A"}}]}\n\n');
  });
  open.push(up);
  const opened = await path([up.url]);
  const ears = { ...listener(), onText: () => stop.abort() };
  const answer = await opened.inside.ask({ ...question, mode: 'chat' }, ears, stop.signal);
  assert.ok(answer.kind === 'stopped' && answer.receiptId !== null);
  assert.equal(opened.recorder.statements()[0]!.predicate.ended, 'unfinished');
  assert.equal(opened.held(), 0);
});
