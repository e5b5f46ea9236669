import type { Charter } from '../charter/schema.ts';
import { backendFacts } from './backend-facts.ts';
import { type BuiltinClauseId, builtinClause, builtinClauses } from './builtin-clauses.ts';
import type { CedarRequest } from './cedar-request.ts';
import type { Evaluation } from './evaluate-cedar.ts';
import { dominates, latticeOf } from './lattice.ts';
import type { BackendFacts, Clause, Decision, DecisionFacts, NamedPolicy, Obligation, Route } from './schema.ts';

export interface LawParts {
  readonly digest: string;
  readonly policies: ReadonlyMap<string, NamedPolicy>;
  readonly askLaw: (request: CedarRequest) => Evaluation;
  readonly askRedLines: (request: CedarRequest) => Evaluation;
  readonly requestFor: (facts: DecisionFacts, target: BackendFacts) => CedarRequest;
}

interface Verdict {
  readonly target: BackendFacts;
  /** Ids of what denies it; empty when it is allowed. */
  readonly clauses: readonly string[];
  readonly permittedBy: readonly string[];
}

/** The pure decision: lattice and law and red lines for every backend that serves the model. */
export function decider(charter: Charter, parts: LawParts): (facts: DecisionFacts) => Decision {
  const backends = backendFacts(charter);
  const checkCaller = callerChecks(charter);
  return (stated) => {
    const facts = ownFacts(charter, stated);
    const targets = backends.filter((target) => serves(target, stated));
    const barred = facts === null ? (['not-registered'] as const) : checkCaller(facts);
    const verdicts = targets.map((target) =>
      facts === null || barred.length > 0 ? { target, clauses: barred, permittedBy: [] } : judge(facts, target, parts),
    );
    return conclude(verdicts, barred, parts);
  };
}

/** A quotation needs the collection, everything else a model: the one that was asked for, or any. */
function serves({ model }: BackendFacts, { mode, requestedModel }: DecisionFacts): boolean {
  if (mode === 'quoted' || model === null) return mode === 'quoted' && model === null;
  return requestedModel === 'auto' || model.id === requestedModel;
}

/** Tenant and purpose as this charter has them: facts from an older charter must not be judged by a newer law. */
function ownFacts(charter: Charter, stated: DecisionFacts): DecisionFacts | null {
  const tenant = charter.tenants.find(({ id }) => id === stated.tenant.id);
  const purpose = charter.purposes.find(({ id }) => id === stated.purpose.id);
  if (tenant === undefined || purpose === undefined || !tenant.purposes.includes(purpose.id)) return null;
  return { ...stated, tenant, purpose };
}

function callerChecks(charter: Charter): (facts: DecisionFacts) => readonly BuiltinClauseId[] {
  const lattice = latticeOf(charter);
  return ({ tenant, purpose, classification }) => {
    const barred: BuiltinClauseId[] = [];
    if (!dominates(lattice.of(tenant.clearance), classification)) barred.push('above-tenant-clearance');
    if (!dominates(lattice.of(purpose.classes), classification)) barred.push('above-purpose');
    return barred;
  };
}

function judge(facts: DecisionFacts, target: BackendFacts, parts: LawParts): Verdict {
  const request = parts.requestFor(facts, target);
  const redLines = parts.askRedLines(request);
  const law = parts.askLaw(request);
  if (redLines.kind === 'error' || law.kind === 'error') return { target, clauses: ['policy-error'], permittedBy: [] };
  const clauses: string[] = [];
  if (!dominates(target.clearance, facts.classification)) clauses.push('above-backend-clearance');
  if (!isAdmitted(target, facts)) clauses.push('model-not-admitted');
  // A set of forbids alone never allows: what counts is whether any of them is satisfied.
  clauses.push(...redLines.reasons);
  if (!law.allowed) clauses.push(...law.reasons);
  if (!law.allowed && clauses.length === 0) clauses.push('no-permit');
  return { target, clauses, permittedBy: clauses.length === 0 ? law.reasons : [] };
}

/** What nobody writes needs no admission. */
function isAdmitted({ model }: BackendFacts, facts: DecisionFacts): boolean {
  if (model === null) return true;
  return model.admitted.some(({ mode, languages }) => mode === facts.mode && languages.length > 0);
}

function conclude(verdicts: readonly Verdict[], barred: readonly BuiltinClauseId[], parts: LawParts): Decision {
  const considered = verdicts.map(({ target, clauses }) => ({
    backend: target.backend.id,
    allowed: clauses.length === 0,
    clauses: Object.freeze([...clauses]),
  }));
  const routes = verdicts.filter(({ clauses }) => clauses.length === 0).map((verdict) => routeOf(verdict, parts));
  if (routes.length > 0) {
    const obligations = unique(routes.flatMap((route) => route.obligations));
    return freeze({ kind: 'allow', routes, obligations, considered, policyDigest: parts.digest });
  }
  const ids = [...new Set([...barred, ...verdicts.flatMap(({ clauses }) => clauses)])];
  if (ids.length === 0) ids.push('no-backend');
  return freeze({
    kind: 'deny',
    clauses: ids.map((id) => clauseOf(id, parts)),
    considered,
    policyDigest: parts.digest,
  });
}

function routeOf({ target, permittedBy }: Verdict, parts: LawParts): Route {
  const obligations = permittedBy.flatMap((clause) =>
    (parts.policies.get(clause)?.obligations ?? []).map((kind): Obligation => ({ kind, clause })),
  );
  return Object.freeze({ facts: target, permittedBy, obligations: unique(obligations) });
}

function unique(obligations: readonly Obligation[]): readonly Obligation[] {
  return Object.freeze([...new Map(obligations.map((item) => [`${item.kind} ${item.clause}`, item])).values()]);
}

function clauseOf(id: string, { policies }: LawParts): Clause {
  if (Object.hasOwn(builtinClauses, id)) return builtinClause(id as BuiltinClauseId);
  const policy = policies.get(id);
  if (policy === undefined) return builtinClause('policy-error');
  const { set, name, legalBasis, sentences } = policy;
  return { id, set, name, legalBasis, sentences };
}

/** Decisions are shared by every request with the same facts. */
function freeze(decision: Decision): Decision {
  for (const member of Object.values(decision)) Object.freeze(member);
  return Object.freeze(decision);
}
