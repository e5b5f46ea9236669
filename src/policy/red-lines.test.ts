import assert from 'node:assert/strict';
import test from 'node:test';
import { editedBytes, exampleBytes } from '../../test/charter-files.ts';
import { lawOf } from '../../test/decide-example.ts';
import { parseCharter } from '../charter/index.ts';
import { prohibitedUses } from '../charter/schema.ts';
import { sha256Hex } from '../kit/index.ts';
import { compileLaw } from './compile-law.ts';
import { readPolicies } from './read-policies.ts';
import { readRedLineSets } from './read-red-lines.ts';

const sets = readRedLineSets();

test('the released sets are universal and eu', () => {
  assert.deepEqual(
    sets.map((set) => set.name),
    ['eu', 'universal'],
  );
});

for (const set of sets) {
  test(`${set.path} only forbids, and every policy in it is named and stays in the finite fragment`, () => {
    const { policies, errors } = readPolicies([set], { set: 'red-lines', languages: ['en', 'et', 'ru'] });
    assert.deepEqual(errors, []);
    assert.ok(policies.length > 0);
    assert.deepEqual(
      policies.filter(({ policy }) => policy.effect !== 'forbid'),
      [],
    );
  });
}

test('a permit among red lines is an error', () => {
  const text = sets[0]?.text.replace('forbid (', 'permit (') ?? '';
  const { errors } = readPolicies([{ path: 'red-lines/x.cedar', text }], { set: 'red-lines', languages: [] });
  assert.deepEqual(
    errors.map((error) => error.found),
    ['`permit`'],
  );
});

test('each prohibited use is denied by a red line, for every tenant and class', () => {
  for (const use of prohibitedUses) {
    const bytes = editedBytes({
      'purposes.yaml': [
        'classes: { level: internal, caveats: [personal] }',
        `classes: { level: internal, caveats: [personal] }\n  uses: [${use}]`,
      ],
    });
    const decision = lawOf(bytes).ask({ tenant: 'agency', purpose: 'drafting', data: 'public' });
    assert.equal(decision.kind, 'deny', use);
    assert.ok(decision.kind === 'deny' && decision.clauses.every((clause) => clause.set === 'red-lines'), use);
  }
});

test('a charter cannot be compiled with another text of a set, or without it', () => {
  const parsed = parseCharter(exampleBytes());
  assert.equal(parsed.kind, 'valid');
  if (parsed.kind !== 'valid') return;
  const weakened = sets.map((set) => {
    const text = set.text.replace('Use::"social-scoring"', 'Use::"persecution"');
    return { ...set, text, sha256: sha256Hex(text) };
  });
  assert.throws(() => compileLaw(parsed.charter, weakened), { code: 'charter-invalid' });
  assert.throws(() => compileLaw(parsed.charter, []), { code: 'charter-invalid' });
  for (const pin of ['universal', 'eu']) {
    const country = {
      ...parsed.charter.country,
      redLines: parsed.charter.country.redLines.filter(({ set }) => set !== pin),
    };
    assert.throws(() => compileLaw({ ...parsed.charter, country }, sets), { code: 'charter-invalid' }, pin);
  }
});
