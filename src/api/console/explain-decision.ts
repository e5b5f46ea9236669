import type { CharterInForce } from '../../gateway/index.ts';
import type { Decision, DecisionFacts } from '../../policy/schema.ts';
import type { Alternative, DecisionChain, DecisionWish, SpokenClause } from '../schema.ts';

/** What a decision needs of a version of the charter. */
export type Lawbook = Pick<CharterInForce, 'charter' | 'law' | 'lattice'>;

/** Decides and says why: which clause did what, and which single change would turn the outcome. Null: unknown names. */
export function explainDecision(wish: DecisionWish, book: Lawbook): DecisionChain | null {
  const facts = factsOf(wish, book);
  if (facts === null) return null;
  const decision = book.law.decide(facts);
  const clauses = spokenClauses(decision, book);
  const changes = singleChanges(wish, book);
  const alternatives = changes.flatMap((change) => tryChange(change, decision, book));
  return {
    facts: wish,
    outcome: decision.kind === 'allow' ? 'allowed' : 'denied',
    clauses,
    silent: book.law.policies.filter(({ id }) => !clauses.some((clause) => clause.id === id)).length,
    considered: decision.considered.map((one) => ({ ...one, inCountry: isInCountry(one.backend, book) })),
    alternatives,
    tried: changes.length,
  };
}

function factsOf(wish: DecisionWish, { charter, lattice }: Lawbook): DecisionFacts | null {
  const tenant = charter.tenants.find(({ id }) => id === wish.tenant);
  const purpose = charter.purposes.find(({ id }) => id === wish.purpose);
  const parsed = lattice.parse([wish.level, ...wish.caveats].join('; '));
  if (tenant === undefined || purpose === undefined || parsed.kind !== 'parsed') return null;
  return { tenant, purpose, classification: parsed.classification, requestedModel: wish.model, mode: wish.mode };
}

function spokenClauses(decision: Decision, book: Lawbook): SpokenClause[] {
  const forbade = new Map<string, string[]>();
  for (const { backend, clauses, allowed } of decision.considered) {
    if (allowed) continue;
    for (const id of clauses) forbade.set(id, [...(forbade.get(id) ?? []), backend]);
  }
  const allowed = new Map<string, string[]>();
  for (const route of decision.kind === 'allow' ? decision.routes : []) {
    for (const id of route.permittedBy) allowed.set(id, [...(allowed.get(id) ?? []), route.facts.backend.id]);
  }
  const written = book.law.policies.flatMap(({ id, set, name, sentences, legalBasis }): SpokenClause[] => {
    const base = { id, set, name, sentence: sentences, legalBasis };
    const barred = forbade.get(id);
    if (barred !== undefined) return [{ ...base, did: 'forbade', on: barred }];
    const let_ = allowed.get(id);
    return let_ === undefined ? [] : [{ ...base, did: 'allowed', on: let_ }];
  });
  const order = { 'red-lines': 0, law: 1, 'built-in': 2 } as const;
  return [...written, ...builtIn(decision, forbade, written)].sort((a, b) => order[a.set] - order[b.set]);
}

/** What the platform itself demands stands in no policy file: its sentences come with the denial. */
function builtIn(
  decision: Decision,
  forbade: ReadonlyMap<string, string[]>,
  written: readonly SpokenClause[],
): SpokenClause[] {
  if (decision.kind !== 'deny') return [];
  return decision.clauses
    .filter(({ id }) => !written.some((clause) => clause.id === id))
    .map(({ id, name, sentences, legalBasis }) => ({
      id,
      set: 'built-in',
      name,
      sentence: sentences,
      legalBasis,
      did: 'forbade',
      on: forbade.get(id) ?? [],
    }));
}

interface Change {
  readonly fact: Alternative['fact'];
  readonly value: string;
  readonly wish: DecisionWish;
}

/** Every wish that differs from this one in exactly one fact. */
function singleChanges(wish: DecisionWish, { charter }: Lawbook): Change[] {
  const { levels } = charter.classification;
  const models = wish.mode === 'quoted' ? [] : ['auto', ...charter.models.map(({ id }) => id)];
  return [
    ...levels.map(({ id }): Change => ({ fact: 'level', value: id, wish: { ...wish, level: id } })),
    ...wish.caveats.map(
      (value): Change => ({
        fact: 'caveat',
        value,
        wish: { ...wish, caveats: wish.caveats.filter((one) => one !== value) },
      }),
    ),
    ...charter.purposes.map(({ id }): Change => ({ fact: 'purpose', value: id, wish: { ...wish, purpose: id } })),
    ...charter.tenants.map(({ id }): Change => ({ fact: 'tenant', value: id, wish: { ...wish, tenant: id } })),
    ...models.map((value): Change => ({ fact: 'model', value, wish: { ...wish, model: value } })),
  ].filter((change) => JSON.stringify(change.wish) !== JSON.stringify(wish));
}

function tryChange({ fact, value, wish }: Change, before: Decision, book: Lawbook): Alternative[] {
  const facts = factsOf(wish, book);
  if (facts === null) return [];
  const decision = book.law.decide(facts);
  if (decision.kind === before.kind) return [];
  if (decision.kind === 'deny')
    return [{ fact, value, outcome: 'denied', inCountry: false, clauses: decision.clauses.map(({ id }) => id) }];
  const [best] = decision.routes;
  const inCountry = isInCountry(best?.facts.backend.id ?? '', book);
  return [{ fact, value, outcome: 'allowed', inCountry, clauses: best?.permittedBy ?? [] }];
}

function isInCountry(id: string, { charter }: Lawbook): boolean {
  const backend = charter.backends.find((one) => one.id === id);
  const site = charter.sites.find((one) => one.id === backend?.site);
  return site?.jurisdiction === charter.country.country;
}
