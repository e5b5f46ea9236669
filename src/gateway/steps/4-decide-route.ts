import { Problem } from '../../kit/index.ts';
import type { Decision, Route } from '../../policy/schema.ts';
import { advance } from '../path-state.ts';
import type { Classified } from './3-classify-data.ts';

declare const decided: unique symbol;

export type Allowance = Extract<Decision, { kind: 'allow' }>;

export interface Decided extends Classified {
  readonly [decided]: true;
  readonly kind: 'decided';
  readonly decision: Allowance;
  /** The legal set, best first. Nothing behind this step may add to it. */
  readonly routes: readonly Route[];
}

/** A request that ends here, by law or by its own bounds, and is recorded as refused. */
export interface Refused {
  readonly kind: 'refused';
  readonly state: Classified;
  readonly decision: Decision;
  readonly problem: Problem;
}

/** Step 4: pure. The facts go to the charter's law; the legal set or the denying clauses come back. */
export function decideRoute(state: Classified): Decided | Refused {
  const { exchange, inForce, caller, purpose, classification, inquiry } = state;
  const decision = inForce.law.decide({
    tenant: caller.tenant,
    purpose,
    classification,
    requestedModel: inquiry.requestedModel,
    mode: exchange.dialect.mode,
  });
  if (decision.kind === 'deny') {
    exchange.event.clauses = decision.clauses.map((clause) => clause.id);
    return {
      kind: 'refused',
      state,
      decision,
      problem: denialProblem(decision, inForce.lattice.format(classification)),
    };
  }
  const next = advance<Decided>(state);
  next.kind = 'decided';
  next.decision = decision;
  next.routes = decision.routes;
  return next;
}

function denialProblem(decision: Extract<Decision, { kind: 'deny' }>, classification: string): Problem {
  const [first] = decision.clauses;
  const basis = first === undefined ? '' : ` (${first.legalBasis})`;
  const detail = `clause \`${first?.id ?? 'no-permit'}\` does not allow this request: ${first?.name ?? 'no permit'}${basis}; nothing was sent`;
  return new Problem('refused-by-policy', detail, {
    members: { clauses: decision.clauses, considered: decision.considered, classification },
  });
}
