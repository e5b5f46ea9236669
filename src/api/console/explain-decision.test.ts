import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lawOf } from '../../../test/decide-example.ts';
import { withForeignBackends } from '../../../test/foreign-backends.ts';
import { latticeOf } from '../../policy/index.ts';
import type { DecisionWish } from '../schema.ts';
import { explainDecision } from './explain-decision.ts';

const { charter, law } = lawOf(withForeignBackends);
const lattice = latticeOf(charter);
const book = { charter, law, lattice };
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
const { levels, caveats } = charter.classification;

const wishes = fc.record({
  tenant: fc.constantFrom(...ids(charter.tenants)),
  purpose: fc.constantFrom(...ids(charter.purposes)),
  level: fc.constantFrom(...ids(levels)),
  caveats: fc.subarray(ids(caveats)),
  model: fc.constantFrom('auto', ...ids(charter.models)),
  mode: fc.constantFrom('chat' as const, 'quoted' as const),
});

/** The law asked directly. */
function outcomeOf(wish: DecisionWish): 'allow' | 'deny' {
  const parsed = lattice.parse([wish.level, ...wish.caveats].join('; '));
  assert.ok(parsed.kind === 'parsed');
  const tenant = charter.tenants.find(({ id }) => id === wish.tenant);
  const purpose = charter.purposes.find(({ id }) => id === wish.purpose);
  assert.ok(tenant && purpose);
  const { classification } = parsed;
  return law.decide({ tenant, purpose, classification, requestedModel: wish.model, mode: wish.mode }).kind;
}

function changed(wish: DecisionWish, fact: string, value: string): DecisionWish {
  if (fact === 'caveat') return { ...wish, caveats: wish.caveats.filter((one) => one !== value) };
  return { ...wish, [fact]: value };
}

test('each change that is named turns the outcome, and no single change that turns it is left out', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const chain = explainDecision(wish, book);
      assert.ok(chain);
      const now = outcomeOf(wish);
      assert.equal(chain.outcome, now === 'allow' ? 'allowed' : 'denied');
      const named = chain.alternatives.map(({ fact, value }) => `${fact} ${value}`).sort();
      const every = [
        ...ids(levels).map((value) => ['level', value]),
        ...wish.caveats.map((value) => ['caveat', value]),
        ...ids(charter.purposes).map((value) => ['purpose', value]),
        ...ids(charter.tenants).map((value) => ['tenant', value]),
        ...(wish.mode === 'quoted' ? [] : ['auto', ...ids(charter.models)]).map((value) => ['model', value]),
      ] as [string, string][];
      const turning = every.filter(([fact, value]) => outcomeOf(changed(wish, fact, value)) !== now);
      assert.deepEqual(named, turning.map((pair) => pair.join(' ')).sort());
    }),
    { numRuns: 200 },
  );
});

test('a tenant is only said to be allowed what is among its purposes', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const purposes = charter.tenants.find(({ id }) => id === wish.tenant)?.purposes ?? [];
      if (!purposes.includes(wish.purpose)) assert.equal(outcomeOf(wish), 'deny');
    }),
  );
});
