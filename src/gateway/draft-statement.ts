/** What the path knows of a decision before anything is sent, in the words of docs/spec/receipt.md. */
import { sha256Hex } from '../kit/index.ts';
import type { Beginning } from '../ledger/ports.ts';
import type { Circumstances } from '../ledger/schema.ts';
import type { Decision, Route } from '../policy/schema.ts';
import type { Estimate } from '../programmes/ports.ts';
import type { Classified } from './steps/3-classify-data.ts';

type Decided = Classified & { readonly decision: Decision };

interface AttemptIdentity {
  readonly installation: string;
  /** From 1. */
  readonly number: number;
  /** Receipt id of the attempt before. */
  readonly previous: string | null;
  /** Null for a refusal. */
  readonly route: Route | null;
  readonly reserved: Pick<Estimate, 'tokens' | 'moneyMicros'>;
}

/** Of one route or denial. What a request calls itself is its own choice, so that there is no end to it. */
const DESCRIBED_MAX = 256;
const NAMED_MAX = 1_024;

/** It holds the request's digest already: it must be enough to close the decision if this process dies. */
export function beginStatement(state: Decided, attempt: AttemptIdentity): Beginning {
  const { number, previous, reserved } = attempt;
  return {
    circumstances: describeOnce(state, attempt),
    attempt: { number, previous },
    said: [{ name: 'request/wire', digest: sha256Hex(state.requestBytes) }],
    reserved: { tokens: reserved.tokens, moneyMicros: reserved.moneyMicros },
  };
}

/** Decisions are memoised, so a route or a denial is the same object for all requests with the same facts. */
function describeOnce(state: Decided, attempt: AttemptIdentity): Uint8Array {
  const { described } = state.inForce;
  const { caller, purpose, inquiry, exchange } = state;
  const decided = attempt.route ?? state.decision;
  const known = described.get(decided) ?? new Map<string, Uint8Array>();
  if (known.size === 0) described.set(decided, known);
  const { key, tenant } = caller;
  const id = `${keyOf(state)} ${tenant.id} ${key.project} ${purpose.id} ${exchange.dialect.endpoint} ${inquiry.requestedModel}`;
  let bytes = known.get(id);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(describe(state, attempt)));
    if (known.size >= DESCRIBED_MAX) known.clear();
    if (id.length <= NAMED_MAX) known.set(id, bytes);
  }
  return bytes;
}

/** A guest has no name here either. */
function keyOf({ exchange, caller }: Decided): string {
  return exchange.known?.isGuest === true ? 'guest' : caller.key.id;
}

function describe(state: Decided, { route, installation }: AttemptIdentity): Circumstances {
  const { inForce, caller, purpose, inquiry, exchange, classification, decision } = state;
  return {
    stated: {
      installation,
      family: 'decisions',
      tenant: caller.tenant.id,
      purpose: { id: purpose.id, legalBasis: `${purpose.legalBasis.act} ${purpose.legalBasis.section}` },
      classification: {
        level: inForce.lattice.levels[classification.level] ?? '',
        caveats: [...classification.caveats],
      },
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
    },
    currency: inForce.charter.country.currency,
    key: keyOf(state),
    project: caller.key.project ?? '',
  };
}

function describeRoute(route: Route | null): Pick<Circumstances['stated'], 'model' | 'backend'> {
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
