import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem, systemClock } from '../kit/index.ts';
import { LeaseQuota } from './lease-quota.ts';
import type { SliceAnswer, SliceSource } from './ports.ts';

/** A database that always gives the same answer: what it says is what is tested. */
function sourceThatSays(answer: Pick<SliceAnswer, 'room' | 'reclaimable'>): SliceSource {
  return {
    lease: async (requests) => requests.map(({ leaseId }) => ({ leaseId, elsewhere: 10, ended: false, ...answer })),
    end: async () => {},
    listEnded: async () => [],
    subscribe: () => {},
  };
}

async function reserve(answer: Pick<SliceAnswer, 'room' | 'reclaimable'>) {
  const quota = new LeaseQuota({ source: sourceThatSays(answer), clock: systemClock, worker: 'w', delay, waitMs: 60 });
  await quota.beat();
  return await quota.reserve([{ id: 'tenant:t', limits: { tokensPerDay: 10 } }], { tokens: 5, moneyMicros: 0 });
}

test('a budget that is used up is refused; one that others hold and do not give back in time is not called used up', async () => {
  const refused = await reserve({ room: 0, reclaimable: 0 });
  assert.equal(refused.kind, 'over-budget');
  await assert.rejects(
    async () => await reserve({ room: 0, reclaimable: 5 }),
    (fault) => fault instanceof Problem && fault.status === 503 && fault.extras.retryAfterMs === 1_000,
  );
});
