import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { lawOf } from '../../test/decide-example.ts';
import { withForeignBackends } from '../../test/foreign-backends.ts';
import { compileLaw } from './compile-law.ts';
import { memoise } from './memoise-decision.ts';
import { readRedLineSets } from './read-red-lines.ts';
import type { Decision, DecisionFacts } from './schema.ts';

const { charter, law } = lawOf(withForeignBackends);
const unmemoised = compileLaw(charter, readRedLineSets(), 0);

const anyFacts: fc.Arbitrary<DecisionFacts> = fc.record({
  tenant: fc.constantFrom(...charter.tenants),
  purpose: fc.constantFrom(...charter.purposes),
  classification: fc.record({
    level: fc.nat(charter.classification.levels.length - 1),
    caveats: fc.subarray(charter.classification.caveats.map(({ id }) => id)),
  }),
  requestedModel: fc.constantFrom('auto', 'nothing', ...charter.models.map(({ id }) => id)),
  mode: fc.constant('chat' as const),
});

test('a remembered decision is the decision', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const fresh = unmemoised.decide(facts);
      assert.deepEqual(law.decide(facts), fresh);
      assert.deepEqual(law.decide(facts), fresh);
    }),
    { numRuns: 150 },
  );
});

test('the memo is bounded, forgets the oldest, and keeps no name that a caller made up', () => {
  const asked: string[] = [];
  const denial = { kind: 'deny', clauses: [], considered: [], policyDigest: '' } as Decision;
  const decide = memoise(
    (facts) => {
      asked.push(`${facts.requestedModel} ${facts.classification.level}`);
      return denial;
    },
    charter,
    2,
  );
  const [tenant, purpose] = [charter.tenants[0], charter.purposes[0]] as never[];
  const ask = (requestedModel: string, level: number) =>
    decide({
      tenant: tenant as never,
      purpose: purpose as never,
      classification: { level, caveats: [] },
      requestedModel,
      mode: 'chat',
    });
  for (const level of [0, 1, 0, 1, 2, 0]) ask('auto', level);
  for (const _ of [1, 2]) ask('made-up', 0);
  assert.deepEqual(asked, ['auto 0', 'auto 1', 'auto 2', 'auto 0', 'made-up 0', 'made-up 0']);
});

test('an evaluation that failed is not remembered', () => {
  let asked = 0;
  const error = {
    kind: 'deny',
    clauses: [{ id: 'policy-error' }],
    considered: [],
    policyDigest: '',
  } as unknown as Decision;
  const decide = memoise(
    () => {
      asked++;
      return error;
    },
    charter,
    10,
  );
  const facts = {
    tenant: charter.tenants[0],
    purpose: charter.purposes[0],
    classification: { level: 0, caveats: [] },
    requestedModel: 'auto',
    mode: 'chat',
  } as DecisionFacts;
  decide(facts);
  decide(facts);
  assert.equal(asked, 2);
});
