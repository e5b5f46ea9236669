import { fromUtf8 } from '../kit/index.ts';
import { type Stated, Statement } from '../ledger/schema.ts';
import type { EntryFacts, SharedFacts } from './ports.ts';
import type { EntryPlace } from './schema.ts';

/** The country of the charter with this digest. */
type Countries = (charter: string) => string | null;

/** What a signed statement says, without anything that only its citizen holds. */
export function readEntry(payload: Uint8Array, country: Countries): EntryFacts {
  const { predicate } = Statement.parse(JSON.parse(fromUtf8(payload)));
  const { usage, spent } = predicate;
  return {
    shared: describeShared(predicate, spent.currency, country),
    endedAtMs: Date.parse(predicate.endedAt),
    ended: predicate.ended,
    tokensIn: usage.promptTokens,
    tokensOut: usage.completionTokens,
    moneyMicros: spent.moneyMicros,
    attempt: predicate.attempt.number,
    usageSource: usage.source,
  };
}

/** What all entries of the same circumstances say. */
export function describeShared(stated: Stated, currency: string, country: Countries): SharedFacts {
  const { backend, classification, policy } = stated;
  return {
    endpoint: stated.endpoint,
    tenant: stated.tenant,
    purpose: stated.purpose.id,
    level: classification.level,
    caveats: classification.caveats,
    model: stated.model?.id ?? null,
    backend: backend?.id ?? null,
    site: backend?.site ?? null,
    jurisdiction: backend?.jurisdiction ?? null,
    place: placeOf(stated, country(stated.charter.digest)),
    clauses: policy.clauses,
    charter: stated.charter.digest,
    requestedModel: stated.requestedModel,
    currency,
    operator: backend?.operator ?? null,
  };
}

function placeOf({ backend, obligations }: Stated, country: string | null): EntryPlace {
  if (backend === null) return 'not-sent';
  if (backend.jurisdiction === country) return 'in-country';
  return obligations.some(({ kind }) => kind === 'pseudonymise') ? 'abroad-masked' : 'abroad';
}
