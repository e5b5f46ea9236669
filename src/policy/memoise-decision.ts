import type { Charter } from '../charter/schema.ts';
import type { Decision, DecisionFacts } from './schema.ts';

type Decide = (facts: DecisionFacts) => Decision;

/**
 * Remembers decisions by the tuple of their finite attributes. Names that are not of the charter are never kept, so
 * callers cannot fill it; when it is full the oldest entry goes.
 */
export function memoise(decide: Decide, charter: Charter, entries: number): Decide {
  if (entries <= 0) return decide;
  const memo = new Map<string, Decision>();
  const models = new Set(['auto', ...charter.models.map((model) => model.id)]);
  return (facts) => {
    const { level, caveats } = facts.classification;
    const key = `${facts.tenant.id}|${facts.purpose.id}|${facts.requestedModel}|${facts.mode}|${level}|${caveats.join()}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const decision = decide(facts);
    if (!models.has(facts.requestedModel) || isError(decision)) return decision;
    if (memo.size >= entries) memo.delete(memo.keys().next().value ?? '');
    memo.set(key, decision);
    return decision;
  };
}

/** An evaluation that failed is tried again. */
function isError(decision: Decision): boolean {
  return decision.kind === 'deny' && decision.clauses.some((clause) => clause.id === 'policy-error');
}
