import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editedBytes, homeBackend } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { walkPath } from '../../../test/walk-path.ts';
import type { AccountOwner, Estimate, Hold, Quota, Reservation } from '../../programmes/ports.ts';
import { preparePrompt } from './5-prepare-prompt.ts';

const cheap = homeBackend('cheap', 'price: { inputPerMillion: 1, outputPerMillion: 2 }\nlacks: [tools]');
const dear = homeBackend('dear', 'price: { inputPerMillion: 100, outputPerMillion: 200 }');
const inForce = putInForce(editedBytes({ 'backends.yaml': cheap + dear }));

const hold: Hold = { holdings: [], spend: () => [], settle: () => [], release: () => {} };

/** A quota that answers as told, and what it was asked. */
function told(answer: Reservation) {
  const asked: { owners: readonly AccountOwner[]; estimate: Estimate }[] = [];
  const quota: Quota = {
    reserve(owners, estimate) {
      asked.push({ owners, estimate });
      return answer;
    },
  };
  return { asked, quota };
}

async function prepare(answer: Reservation, body: object = {}) {
  const messages = [{ role: 'user', content: 'Tere' }];
  const key = { limits: { requestsPerMinute: 100 } };
  const walker = walkPath(inForce, { key, body: { model: 'auto', max_tokens: 10, messages, ...body } });
  const decided = await walker.decide();
  assert.ok(decided.kind === 'decided');
  const { asked, quota } = told(answer);
  return { asked, walker, prepared: await preparePrompt(decided, { quota }) };
}

const reserved: Reservation = { kind: 'reserved', hold, rate: {} };
const limited = { limit: 'tokensPerMinute', owner: 'tenant:agency', rate: { limitTokens: 10, remainingTokens: 0 } };

test('what is reserved is what the request may cost at most, on the dearest backend that it may go to', async () => {
  const { asked, prepared } = await prepare(reserved, { n: 2 });
  assert.ok(prepared.kind === 'prepared');
  const [{ estimate, owners }] = asked as [(typeof asked)[0]];
  const { promptTokensEstimate } = prepared;
  assert.equal(estimate.tokensOut, 20);
  assert.equal(estimate.tokens, promptTokensEstimate + 20);
  assert.equal(estimate.moneyMicros, promptTokensEstimate * 100 + 20 * 200);
  assert.deepEqual(
    owners.map(({ id }) => id),
    ['tenant:agency', 'key:key_test'],
  );
});

test('only backends that can do what is asked stay', async () => {
  const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
  const { prepared } = await prepare(reserved, { tools });
  assert.ok(prepared.kind === 'prepared');
  assert.deepEqual(
    prepared.routes.map(({ facts }) => facts.backend.id),
    ['dear'],
  );
});

test('over a rate is thrown, for it is no decision, with the wait and what is left', async () => {
  await assert.rejects(prepare({ kind: 'over-rate', retryAfterMs: 1_500, ...limited }), {
    code: 'rate-limited',
    extras: { retryAfterMs: 1_500, members: { limit: 'tokensPerMinute', owner: 'tenant:agency' } },
  });
});

test('over a budget is a refusal, to be recorded, that names limit and owner', async () => {
  const { prepared, walker } = await prepare({ kind: 'over-budget', ...limited });
  assert.ok(prepared.kind === 'refused');
  const { code, status, extras } = prepared.problem;
  assert.deepEqual(
    [code, status, extras.members],
    ['over-budget', 402, { limit: 'tokensPerMinute', owner: 'tenant:agency' }],
  );
  assert.equal(walker.exchange.headers.toRecord()['x-ratelimit-remaining-tokens'], '0');
});
