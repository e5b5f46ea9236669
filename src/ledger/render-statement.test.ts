import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../kit/index.ts';
import { DOES_NOT_PROVE, renderDraft, renderStatement } from './render-statement.ts';
import { type Ending, PREDICATE_TYPE, type PredicateDraft, STATEMENT_TYPE, Statement } from './schema.ts';

const text = fc.string({ unit: 'grapheme' });
const hex = fc.constant('0f'.repeat(32));
const count = fc.nat();
const draftOf: fc.Arbitrary<PredicateDraft> = fc.record({
  id: fc.constant('0'.repeat(32)),
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
  attempt: fc.record({ number: fc.integer({ min: 1 }), previous: fc.option(text) }),
  salts: fc.constant({ 'request/wire': `${'A'.repeat(43)}=`, 'answer/text/0': `${'B'.repeat(43)}=` }),
  commitments: fc.constant({ 'request/wire': '1'.repeat(64), 'answer/text/0': '2'.repeat(64) }),
  reserved: fc.record({ tokens: count, moneyMicros: count, currency: text }),
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
    fc.property(draftOf, endingOf, (draft, ending) => {
      const { commitments, reserved: _, ...known } = draft;
      const subject = Object.entries(commitments).map(([name, digest]) => ({
        name,
        digest: { polityCommitV1: digest },
      }));
      const predicate = { ...known, ...ending, doesNotProve: DOES_NOT_PROVE };
      const statement = { _type: STATEMENT_TYPE, subject, predicateType: PREDICATE_TYPE, predicate };
      const rendered = renderStatement(draft, ending);
      assert.equal(rendered, canonicalJson(statement as unknown as Json));
      Statement.parse(JSON.parse(rendered));
    }),
  );
});

test('a draft reads back as it was, whatever stands in it, with fragments or without', () => {
  fc.assert(
    fc.property(draftOf, (draft) => {
      const fragments = new WeakMap<object, string>();
      for (const value of [draft.backend, draft.policy, draft.obligations])
        if (value !== null) fragments.set(value, canonicalJson(value as Json));
      for (const known of [undefined, fragments]) {
        const text = renderDraft(draft, known);
        assert.equal(canonicalJson(JSON.parse(text) as Json), canonicalJson(draft as unknown as Json));
      }
    }),
  );
});
