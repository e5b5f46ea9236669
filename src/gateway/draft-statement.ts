/** What the path knows of a decision, in the words of docs/spec/receipt.md. */
import { canonicalJson, type Ids, type Json, sha256 } from '../kit/index.ts';
import { commitSaid } from '../ledger/index.ts';
import type { PredicateDraft } from '../ledger/schema.ts';
import type { Decision, Route } from '../policy/schema.ts';
import type { Estimate } from '../programmes/ports.ts';
import type { DescribedDecision } from './parts.ts';
import type { Classified } from './steps/3-classify-data.ts';

interface AttemptIdentity {
  readonly receiptId: string;
  readonly installation: string;
  /** From 1. */
  readonly number: number;
  /** Receipt id of the attempt before. */
  readonly previous: string | null;
  /** Null for a refusal. */
  readonly route: Route | null;
  readonly reserved: Estimate;
}

/** The draft commits to the request's bytes already: it must be enough to close the decision if this process dies. */
export function draftPredicate(
  state: Classified & { decision: Decision },
  attempt: AttemptIdentity,
  ids: Ids,
): PredicateDraft {
  const { inForce, caller, purpose, inquiry, exchange } = state;
  const draft: PredicateDraft = {
    ...describeOnce(state, attempt.route),
    id: attempt.receiptId,
    installation: attempt.installation,
    family: 'decisions',
    tenant: caller.tenant.id,
    purpose: { id: purpose.id, legalBasis: `${purpose.legalBasis.act} ${purpose.legalBasis.section}` },
    endpoint: exchange.dialect.endpoint,
    requestedModel: inquiry.requestedModel,
    attempt: { number: attempt.number, previous: attempt.previous },
    salts: {},
    commitments: {},
    reserved: {
      tokens: attempt.reserved.tokens,
      moneyMicros: attempt.reserved.moneyMicros,
      currency: inForce.charter.country.currency,
    },
  };
  return commitSaid(draft, [{ name: 'request/wire', digest: sha256(state.requestBytes) }], ids);
}

/** Decisions are memoised, so a route or a denial is the same object for all requests with the same facts. */
function describeOnce(state: Classified & { decision: Decision }, route: Route | null): DescribedDecision {
  const { described, fragments } = state.inForce;
  const key = route ?? state.decision;
  const known = described.get(key);
  if (known !== undefined) return known;
  const fresh = describe(state, route);
  for (const part of Object.values(fresh)) if (part !== null) fragments.set(part, canonicalJson(part as Json));
  described.set(key, fresh);
  return fresh;
}

function describe(state: Classified & { decision: Decision }, route: Route | null): DescribedDecision {
  const { inForce, classification, decision } = state;
  return {
    ...describeRoute(route),
    classification: {
      level: inForce.lattice.levels[classification.level] ?? '',
      caveats: [...classification.caveats],
    },
    charter: { digest: inForce.charter.digest },
    policy: {
      digest: decision.policyDigest,
      outcome: decision.kind === 'allow' ? 'allowed' : 'denied',
      clauses: decision.kind === 'allow' ? [...(route?.permittedBy ?? [])] : decision.clauses.map(({ id }) => id),
      considered: decision.considered.map((one) => ({ ...one, clauses: [...one.clauses] })),
    },
    obligations: [...(route?.obligations ?? [])],
  };
}

function describeRoute(route: Route | null): Pick<PredicateDraft, 'model' | 'backend'> {
  if (route === null) return { model: null, backend: null };
  const { backend, model, site } = route.facts;
  return {
    model: model === null ? null : { id: model.id, sha256: model.sha256 },
    backend: {
      id: backend.id,
      site: site.id,
      jurisdiction: site.jurisdiction,
      operator: backend.operator.name,
      operatorJurisdiction: backend.operator.jurisdiction,
      parentJurisdiction: backend.parentJurisdiction,
    },
  };
}
