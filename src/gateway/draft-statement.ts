/** What the path knows of a decision, in the words of docs/spec/receipt.md. */
import { type Ids, sha256 } from '../kit/index.ts';
import { commitSaid } from '../ledger/index.ts';
import type { PredicateDraft } from '../ledger/schema.ts';
import type { Decision, Route } from '../policy/schema.ts';
import type { Estimate } from '../programmes/ports.ts';
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
  const { inForce, caller, purpose, classification, inquiry, exchange, decision } = state;
  const { route } = attempt;
  const draft: PredicateDraft = {
    id: attempt.receiptId,
    installation: attempt.installation,
    family: 'decisions',
    tenant: caller.tenant.id,
    purpose: { id: purpose.id, legalBasis: `${purpose.legalBasis.act} ${purpose.legalBasis.section}` },
    classification: { level: inForce.lattice.levels[classification.level] ?? '', caveats: [...classification.caveats] },
    endpoint: exchange.dialect.endpoint,
    requestedModel: inquiry.requestedModel,
    ...describeRoute(route),
    charter: { digest: inForce.charter.digest },
    policy: {
      digest: decision.policyDigest,
      outcome: decision.kind === 'allow' ? 'allowed' : 'denied',
      clauses: decision.kind === 'allow' ? [...(route?.permittedBy ?? [])] : decision.clauses.map(({ id }) => id),
      considered: decision.considered.map((one) => ({ ...one, clauses: [...one.clauses] })),
    },
    obligations: [...(route?.obligations ?? [])],
    attempt: { number: attempt.number, previous: attempt.previous },
    salts: {},
    commitments: {},
    reserved: { ...attempt.reserved, currency: inForce.charter.country.currency },
  };
  return commitSaid(draft, [{ name: 'request/wire', digest: sha256(state.requestBytes) }], ids);
}

function describeRoute(route: Route | null): Pick<PredicateDraft, 'model' | 'backend'> {
  if (route === null) return { model: null, backend: null };
  const { backend, model, site } = route.facts;
  return {
    model: { id: model.id, sha256: model.sha256 },
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
