import { ApiProblem } from '../shared/api/api-problem.ts';

type FaultMessage = 'netAway' | 'failedRate' | 'failedBudget' | 'notDone';

const known: Readonly<Record<string, FaultMessage>> = { 'rate-limited': 'failedRate', 'over-budget': 'failedBudget' };

/** Which sentence says why something did not happen, with what it needs. */
export function explainFault(cause: unknown): readonly [FaultMessage, { readonly code: string }] {
  if (!(cause instanceof ApiProblem)) return ['netAway', { code: '' }];
  return [known[cause.code] ?? 'notDone', { code: cause.code }];
}
