import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { holdOf, openWorkforce, type Worker } from '../../../test/open-workers.ts';

after(() => all.close());

const all = await openWorkforce();

test('any number of requests at once over any number of workers: exactly as many are admitted as the budget has room for', async () => {
  const kinds = fc.constantFrom('requestsPerMinute', 'tokensPerMinute', 'tokensPerDay', 'moneyPerMonth', 'concurrent');
  const cases = fc.record({
    kind: kinds,
    workers: fc.integer({ min: 1, max: 5 }),
    room: fc.integer({ min: 0, max: 40 }),
    each: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ kind, workers, room, each }) => {
      all.stayInMinute();
      const unit = kind === 'requestsPerMinute' || kind === 'concurrent' ? 1 : each;
      const limit = kind === 'moneyPerMonth' ? (room * unit) / 1e6 : room * unit;
      const owner = all.newOwner({ [kind]: limit });
      const team = await all.hire(workers);
      const asked = Array.from({ length: room + 25 }, (_, i) =>
        (team[i % workers] as Worker).quota.reserve([owner], { tokens: each, moneyMicros: each }),
      );
      const answers = await Promise.all(asked);
      assert.equal(answers.filter((answer) => answer.kind === 'reserved').length, room);
    }),
    { numRuns: 12 },
  );
});

test('whatever is reserved, settled and released in whatever order, all grants together stay within the limit', async () => {
  const limit = 100;
  const team = await all.hire(3);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          worker: fc.nat({ max: 2 }),
          tokens: fc.integer({ min: 1, max: 60 }),
          end: fc.constantFrom('settle', 'release', 'keep'),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        { minLength: 1, maxLength: 14 },
      ),
      async (steps) => {
        const owner = all.newOwner({ tokensPerDay: limit });
        let taken = 0;
        const running = steps.map(async (step) => {
          const { quota, id } = team[step.worker] as Worker;
          const answer = await quota.reserve([owner], { tokens: step.tokens, moneyMicros: 0 });
          if (answer.kind !== 'reserved') return;
          taken += step.tokens;
          assert.ok(taken <= limit, `${taken} taken`);
          await delay(step.tokens % 3);
          if (step.end === 'keep') return;
          const used = step.end === 'settle' ? Math.floor(step.tokens * step.share) : 0;
          taken -= step.tokens - used;
          if (step.end === 'release') answer.hold.release();
          else await all.settle(id, answer.hold.settle({ tokens: used, moneyMicros: 0 }));
        });
        await Promise.all(running);
        const account = await all.accountOf(owner, 'tokensPerDay');
        assert.ok(account.settled + account.leased <= limit, JSON.stringify(account));
      },
    ),
    { numRuns: 10 },
  );
});

test('nobody is refused while another worker holds what it does not use', async () => {
  const [a, b] = (await all.hire(2)) as [Worker, Worker];
  const owner = all.newOwner({ tokensPerDay: 1000 });
  const hold = holdOf(await a.quota.reserve([owner], { tokens: 100, moneyMicros: 0 }));
  assert.ok((await all.accountOf(owner, 'tokensPerDay')).leased > 500);
  const big = await b.quota.reserve([owner], { tokens: 900, moneyMicros: 0 });
  holdOf(big).release();
  hold.release();
  holdOf(await a.quota.reserve([owner], { tokens: 1000, moneyMicros: 0 }));
});

test('a new minute brings new room, and a clock that steps back does not', async () => {
  all.stayInMinute();
  const worker = await all.hireOne();
  const owner = all.newOwner({ requestsPerMinute: 1, tokensPerDay: 1000 });
  const one = { tokens: 1, moneyMicros: 0 };
  assert.equal((await worker.quota.reserve([owner], one)).kind, 'reserved');
  const refused = await worker.quota.reserve([owner], one);
  assert.ok(refused.kind === 'over-rate' && refused.retryAfterMs > 0 && refused.retryAfterMs <= 60_000);
  all.offsetMs += 60_000;
  await worker.quota.beat();
  assert.equal((await worker.quota.reserve([owner], one)).kind, 'reserved');
  all.offsetMs -= 60_000;
  assert.equal((await worker.quota.reserve([owner], one)).kind, 'over-rate');
  all.offsetMs += 60_000;
});

test('a limit that the charter lowers holds at once', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ tokensPerDay: 1000 });
  holdOf(await worker.quota.reserve([owner], { tokens: 50, moneyMicros: 0 }));
  const lowered = { id: owner.id, limits: { tokensPerDay: 60 } };
  assert.equal((await worker.quota.reserve([lowered], { tokens: 11, moneyMicros: 0 })).kind, 'over-budget');
  assert.equal((await worker.quota.reserve([lowered], { tokens: 10, moneyMicros: 0 })).kind, 'reserved');
});

test('every owner must have room, and the headers show the tightest', async () => {
  all.stayInMinute();
  const worker = await all.hireOne();
  const tenant = all.newOwner({ requestsPerMinute: 100, tokensPerMinute: 1000 });
  const key = all.newOwner({ requestsPerMinute: 2, tokensPerMinute: 5000 });
  const estimate = { tokens: 10, moneyMicros: 0 };
  const first = await worker.quota.reserve([tenant, key], estimate);
  assert.ok(first.kind === 'reserved');
  const { limitRequests, remainingRequests, limitTokens, remainingTokens } = first.rate;
  assert.deepEqual([limitRequests, remainingRequests, limitTokens, remainingTokens], [2, 1, 1000, 990]);
  assert.deepEqual(first.hold.holdings, []);
  await worker.quota.reserve([tenant, key], estimate);
  const third = await worker.quota.reserve([tenant, key], estimate);
  assert.ok(third.kind === 'over-rate' && third.limit === 'requestsPerMinute');
  assert.equal(third.rate.remainingTokens, 980, 'a refused request holds nothing');
});

test('while a slice has room nothing waits', async () => {
  all.stayInMinute();
  const worker = await all.hireOne();
  const owner = all.newOwner({ requestsPerMinute: 1000, concurrent: 100 });
  holdOf(await worker.quota.reserve([owner], { tokens: 1, moneyMicros: 0 }));
  for (let i = 0; i < 20; i++)
    assert.ok(!(worker.quota.reserve([owner], { tokens: 1, moneyMicros: 0 }) instanceof Promise));
});

test('a request that is tried twice is one request, and each attempt is charged for what it used', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ tokensPerDay: 20, requestsPerDay: 2 });
  const hold = holdOf(await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 }));
  const amounts = (spent: readonly { amount: number }[]) => spent.map(({ amount }) => amount).sort();
  assert.deepEqual(amounts(hold.spend({ tokens: 3, moneyMicros: 0 })), [1, 3]);
  assert.deepEqual(amounts(hold.settle({ tokens: 4, moneyMicros: 0 })), [4]);
  assert.equal((await worker.quota.reserve([owner], { tokens: 14, moneyMicros: 0 })).kind, 'over-budget');
  const second = holdOf(await worker.quota.reserve([owner], { tokens: 13, moneyMicros: 0 }));
  assert.deepEqual(amounts(second.spend({ tokens: 2, moneyMicros: 0 })), [1, 2]);
  second.release();
  assert.equal((await worker.quota.reserve([owner], { tokens: 1, moneyMicros: 0 })).kind, 'over-budget');
});

test('a hold that is ended twice counts once', async () => {
  const worker = await all.hireOne();
  const owner = all.newOwner({ tokensPerDay: 10 });
  const hold = holdOf(await worker.quota.reserve([owner], { tokens: 10, moneyMicros: 0 }));
  assert.equal(hold.settle({ tokens: 4, moneyMicros: 0 }).length, 1);
  assert.deepEqual(hold.settle({ tokens: 4, moneyMicros: 0 }), []);
  hold.release();
  assert.equal((await worker.quota.reserve([owner], { tokens: 7, moneyMicros: 0 })).kind, 'over-budget');
  assert.equal((await worker.quota.reserve([owner], { tokens: 6, moneyMicros: 0 })).kind, 'reserved');
});
