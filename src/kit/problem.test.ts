import assert from 'node:assert/strict';
import test from 'node:test';
import { Problem, problemBody } from './problem.ts';
import { type ProblemEntry, problems } from './problems.ts';

const catalogue = Object.entries(problems as Record<string, ProblemEntry>);

test('the body is RFC 9457 and carries what OpenAI clients read', () => {
  const problem = new Problem('invalid-request', '`temperature` is not valid', { param: 'temperature' });
  assert.deepEqual(problemBody(problem, 'abc'), {
    type: '/problems/invalid-request',
    title: 'A field of the request is not valid',
    status: 400,
    detail: '`temperature` is not valid',
    instance: 'urn:request:abc',
    code: 'invalid-request',
    error: {
      message: '`temperature` is not valid',
      type: 'invalid_request_error',
      param: 'temperature',
      code: 'invalid_request',
    },
  });
});

test('what happened inside never leaves', () => {
  const cause = new Error('password in a connection string');
  const body = problemBody(new Problem('internal', 'a fault in the service', { cause, retryAfterMs: 5 }), 'abc');
  assert.ok(!JSON.stringify(body).includes('password'));
});

test('members of a problem cannot replace the standard ones', () => {
  const members = { status: 200, code: 'fine', clauses: ['c'] };
  const body = problemBody(new Problem('refused-by-policy', 'no', { members, receiptId: 'r' }), 'abc');
  assert.equal(body.status, 403);
  assert.equal(body.code, 'refused-by-policy');
  assert.deepEqual(body.clauses, ['c']);
  assert.equal(body.receipt, '/v1/receipts/r');
});

test('every code of the catalogue is an error status with words for each reader', () => {
  for (const [code, entry] of catalogue) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(entry.status >= 400 && entry.status < 600, code);
    assert.doesNotMatch(entry.title, /\.$/, `${code}: a title has no full stop`);
    for (const sentence of [entry.means, entry.remedy])
      assert.match(sentence, /^[A-Z][\s\S]*\.$/, `${code}: ${sentence}`);
  }
});

test('what a client sent is not sent back by the megabyte', () => {
  const name = '𝄞'.repeat(3_000_000);
  const problem = new Problem('unknown-model', `the charter names no model \`${name}\``, { param: `tools.${name}` });
  const { detail, error } = problemBody(problem, 'abc');
  assert.ok(detail.length < 10_000 && detail.startsWith('the charter names no model `𝄞') && detail.endsWith('…'));
  assert.deepEqual([error.message, error.param?.endsWith('…')], [detail, true]);
  assert.ok(detail.isWellFormed() && error.param?.isWellFormed() && error.param.length < 1_000);
});
