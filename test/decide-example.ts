import assert from 'node:assert/strict';
import type { CharterBytes } from '../src/charter/schema.ts';
import { checkCharter, latticeOf, readRedLineSets } from '../src/policy/index.ts';
import type { Decision, DecisionFacts } from '../src/policy/schema.ts';

export interface Question {
  readonly tenant: string;
  readonly purpose: string;
  /** As in the header. */
  readonly data: string;
  /** `auto` when undefined. */
  readonly model?: string;
}

/** A checked charter that answers questions by name. */
export function lawOf(bytes: CharterBytes) {
  const checked = checkCharter(bytes, readRedLineSets());
  assert.equal(checked.kind, 'valid', JSON.stringify(checked.kind === 'invalid' ? checked.errors : ''));
  const { charter, law } = checked as Extract<typeof checked, { kind: 'valid' }>;
  const lattice = latticeOf(charter);
  const factsOf = ({ tenant, purpose, data, model = 'auto' }: Question): DecisionFacts => {
    const read = lattice.parse(data);
    if (read.kind === 'unknown') throw new Error(read.detail);
    return {
      tenant: byId(charter.tenants, tenant),
      purpose: byId(charter.purposes, purpose),
      classification: read.classification,
      requestedModel: model,
      mode: 'chat',
    };
  };
  return { charter, law, factsOf, ask: (question: Question): Decision => law.decide(factsOf(question)) };
}

function byId<T extends { readonly id: string }>(items: readonly T[], id: string): T {
  const item = items.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`the charter has no ${id}`);
  return item;
}
