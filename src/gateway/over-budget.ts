import { Problem } from '../kit/index.ts';
import type { Estimate, Reservation } from '../programmes/ports.ts';
import { ownerInWords } from './account-owners.ts';

interface Wanted {
  readonly estimate: Estimate;
  readonly currency: string;
}

/** The refusal of what may use more than is left, in the unit of the limit: who reads it knows budgets, not how they are counted. */
export function overBudget({ limit, owner }: Extract<Reservation, { kind: 'over-budget' }>, wanted: Wanted): Problem {
  const end = `wait until ${limit.endsWith('PerMonth') ? 'the month ends' : 'midnight'} (UTC)`;
  const lack =
    limit === 'requestsPerDay' ? `is used up; ${end}` : `has no room for ${amountInWords(limit, wanted)}, or ${end}`;
  return new Problem('over-budget', `\`${limit}\` of ${ownerInWords(owner)} ${lack}`, { members: { limit, owner } });
}

const MILLION = 1e6;

function amountInWords(limit: string, { estimate, currency }: Wanted): string {
  const { tokens, tokensIn = 0, tokensOut = 0, moneyMicros, energyMicroWh = 0 } = estimate;
  if (limit.startsWith('money'))
    return `the ${moneyMicros / MILLION} ${currency} that this may cost at most; ask for fewer tokens`;
  if (limit.startsWith('energy'))
    return `the ${energyMicroWh / MILLION} Wh that this may take at most; ask for fewer tokens`;
  const count = limit.startsWith('tokensIn') ? tokensIn : limit.startsWith('tokensOut') ? tokensOut : tokens;
  return `the ${count} tokens that this may take at most; ask for fewer`;
}
