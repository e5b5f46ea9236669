import { fromUtf8 } from '../kit/index.ts';
import { Statement } from '../ledger/schema.ts';
import type { EntryFacts } from './ports.ts';
import type { EntryPlace } from './schema.ts';

/** What a signed statement says, without anything that only its citizen holds. `country`: of the charter that decided. */
export function readEntry(payload: Uint8Array, country: (charter: string) => string | null): EntryFacts {
  const { predicate } = Statement.parse(JSON.parse(fromUtf8(payload)));
  const { backend, classification, policy, usage } = predicate;
  return {
    endedAt: predicate.endedAt,
    ended: predicate.ended,
    endpoint: predicate.endpoint,
    tenant: predicate.tenant,
    purpose: predicate.purpose.id,
    level: classification.level,
    caveats: classification.caveats,
    model: predicate.model?.id ?? null,
    backend: backend?.id ?? null,
    site: backend?.site ?? null,
    jurisdiction: backend?.jurisdiction ?? null,
    place: placeOf(predicate, country(predicate.charter.digest)),
    clauses: policy.clauses,
    charter: predicate.charter.digest,
    requestedModel: predicate.requestedModel,
    tokensIn: usage.promptTokens,
    tokensOut: usage.completionTokens,
    moneyMicros: predicate.spent.moneyMicros,
    currency: predicate.spent.currency,
    operator: backend?.operator ?? null,
    attempt: predicate.attempt.number,
    usageSource: usage.source,
  };
}

function placeOf({ backend, obligations }: Statement['predicate'], country: string | null): EntryPlace {
  if (backend === null) return 'not-sent';
  if (backend.jurisdiction === country) return 'in-country';
  return obligations.some(({ kind }) => kind === 'pseudonymise') ? 'abroad-masked' : 'abroad';
}
