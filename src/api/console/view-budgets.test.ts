import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import type { AccountState } from '../../record/ports.ts';
import type { ApiParts } from '../parts.ts';
import { viewBudgets } from './view-budgets.ts';

const nowMs = Date.UTC(2026, 10, 28, 12);

/** Of the example's charter, with one account of which something is used. */
function budgetsWith(account: Partial<AccountState>) {
  const inForce = putInForce(exampleBytes(), () => new Map());
  const state = { owner: 'tenant:startup', kind: 'moneyPerMonth', windowStartMs: Date.UTC(2026, 10, 1), held: 0 };
  return viewBudgets({
    clock: { wallMs: () => nowMs },
    inForce: () => inForce,
    keyStore: { list: async () => [] },
    usage: { accounts: async () => [{ ...state, used: null, ...account }] },
  } as unknown as ApiParts);
}

test('what is left of a budget is exact to the millionth, in the unit that is named', async () => {
  const budgets = await budgetsWith({ used: 93_921_110 });
  const [money] = budgets.filter(({ owner, kind }) => owner === 'tenant:startup' && kind === 'moneyPerMonth');
  assert.deepEqual(
    [money?.limit, money?.used, money?.left, money?.unit, money?.resetsAt],
    [100, 93.92111, 6.07889, 'EUR', '2026-12-01T00:00:00.000Z'],
  );
  const [tokens] = budgets.filter(({ owner, kind }) => owner === 'tenant:startup' && kind === 'tokensPerDay');
  assert.deepEqual([tokens?.used, tokens?.left, tokens?.unit], [0, 2_000_000, null]);
});

test('more than a limit that was lowered leaves nothing', async () => {
  const budgets = await budgetsWith({ used: 250_000_000 });
  const [money] = budgets.filter(({ owner, kind }) => owner === 'tenant:startup' && kind === 'moneyPerMonth');
  assert.deepEqual([money?.used, money?.left], [250, 0]);
});
