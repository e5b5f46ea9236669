import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../kit/index.ts';
import { DOES_NOT_PROVE, renderFragments, renderStatement } from './render-statement.ts';
import { type Ending, PREDICATE_TYPE, STATEMENT_TYPE, type Stated, Statement } from './schema.ts';

const text = fc.string({ unit: 'grapheme' });
const hex = fc.constant('0f'.repeat(32));
const count = fc.nat();
const statedOf: fc.Arbitrary<Stated> = fc.record({
  installation: text,
  family: fc.constant('decisions' as const),
  tenant: text,
  purpose: fc.record({ id: text, legalBasis: text }),
  classification: fc.record({ level: text, caveats: fc.array(text) }),
  endpoint: text,
  requestedModel: text,
  model: fc.option(fc.record({ id: text, sha256: fc.option(hex) })),
  backend: fc.option(
    fc.record({
      id: text,
      site: text,
      jurisdiction: text,
      operator: text,
      operatorJurisdiction: text,
      parentJurisdiction: text,
    }),
  ),
  charter: fc.record({ digest: hex }),
  policy: fc.record({
    digest: hex,
    outcome: fc.constantFrom('allowed' as const, 'denied' as const),
    clauses: fc.array(text),
    considered: fc.array(fc.record({ backend: text, allowed: fc.boolean(), clauses: fc.array(text) })),
  }),
  obligations: fc.array(fc.record({ kind: text, clause: text })),
});
const ownOf = fc.record({
  id: fc.constant('0'.repeat(32)),
  attempt: fc.record({ number: fc.integer({ min: 1 }), previous: fc.option(text) }),
  commitments: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('request/wire', 'answer/wire', 'answer/text/0', 'answer/text/1', 'answer/text/10'),
      salt: fc.constantFrom(`${'A'.repeat(43)}=`, `${'B'.repeat(43)}=`),
      digest: fc.constantFrom('1'.repeat(64), '2'.repeat(64)),
    }),
    { minLength: 1, selector: ({ name }) => name },
  ),
});
const endingOf: fc.Arbitrary<Ending> = fc.record({
  ended: fc.constantFrom('complete', 'refused', 'failed', 'unfinished'),
  reason: fc.option(text),
  endedAt: fc.constant('2026-11-23T12:00:00Z'),
  usage: fc.record({
    promptTokens: count,
    completionTokens: count,
    source: fc.constantFrom('upstream', 'counted', 'reserved', 'none'),
  }),
  spent: fc.record({ moneyMicros: count, currency: text }),
});

test('the statement is canonical JSON, whatever stands in it, and has the shape that the schema demands', () => {
  fc.assert(
    fc.property(statedOf, ownOf, endingOf, (stated, { commitments, ...own }, ending) => {
      const subject = commitments.map(({ name, digest }) => ({ name, digest: { polityCommitV1: digest } }));
      const salts = Object.fromEntries(commitments.map(({ name, salt }) => [name, salt]));
      const predicate = { ...stated, ...own, salts, ...ending, doesNotProve: DOES_NOT_PROVE };
      const statement = { _type: STATEMENT_TYPE, subject, predicateType: PREDICATE_TYPE, predicate };
      const { spent, ...how } = ending;
      const particulars = { ...own, commitments, ...how, moneyMicros: spent.moneyMicros };
      const rendered = renderStatement(renderFragments(stated, spent.currency), particulars);
      assert.equal(rendered, canonicalJson(statement as unknown as Json));
      Statement.parse(JSON.parse(rendered));
    }),
  );
});
