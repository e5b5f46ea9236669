import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overBudget } from './over-budget.ts';

const estimate = { tokens: 40, tokensIn: 10, tokensOut: 30, moneyMicros: 109_870_000, energyMicroWh: 2_500_000 };
const said = (limit: string) =>
  overBudget({ kind: 'over-budget', limit, owner: 'tenant:agency', rate: {} }, { estimate, currency: 'EUR' }).detail;

test('a budget that has no room is told in its own unit, with how much it would take and when it begins anew', () => {
  const whose = (limit: string) => `\`${limit}\` of the tenant \`agency\``;
  assert.deepEqual(
    ['moneyPerDay', 'moneyPerMonth', 'energyWhPerDay', 'tokensPerDay', 'tokensInPerDay', 'tokensOutPerDay'].map(said),
    [
      `${whose('moneyPerDay')} has no room for the 109.87 EUR that this may cost at most; ask for fewer tokens, or wait until midnight (UTC)`,
      `${whose('moneyPerMonth')} has no room for the 109.87 EUR that this may cost at most; ask for fewer tokens, or wait until the month ends (UTC)`,
      `${whose('energyWhPerDay')} has no room for the 2.5 Wh that this may take at most; ask for fewer tokens, or wait until midnight (UTC)`,
      `${whose('tokensPerDay')} has no room for the 40 tokens that this may take at most; ask for fewer, or wait until midnight (UTC)`,
      `${whose('tokensInPerDay')} has no room for the 10 tokens that this may take at most; ask for fewer, or wait until midnight (UTC)`,
      `${whose('tokensOutPerDay')} has no room for the 30 tokens that this may take at most; ask for fewer, or wait until midnight (UTC)`,
    ],
  );
  assert.equal(said('requestsPerDay'), `${whose('requestsPerDay')} is used up; wait until midnight (UTC)`);
});
