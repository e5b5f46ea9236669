import assert from 'node:assert/strict';
import test from 'node:test';
import { exampleBytes } from '../../test/charter-files.ts';
import { lawOf } from '../../test/decide-example.ts';
import { withForeignBackends } from '../../test/foreign-backends.ts';
import type { DecisionFacts } from './schema.ts';

const example = lawOf(exampleBytes());
const abroad = lawOf(withForeignBackends);

type Row = readonly [
  tenant: string,
  purpose: string,
  data: string,
  routes: readonly string[],
  clauses: readonly string[],
];

// Backends of the variant: `embedded` at home; `home-us` at home, owner in the US; `helsinki` in the Union, owner in the
// Union; `dublin-us` in the Union, owner in the US; `virginia` in the US. All are cleared for everything but `embedded`.
const table: readonly Row[] = [
  ['public', 'public-information', 'public', ['embedded', 'helsinki', 'home-us'], []],
  ['public', 'public-information', 'public; personal', ['embedded', 'helsinki'], []],
  ['startup', 'startup-development', 'public', ['embedded', 'helsinki', 'home-us'], []],
  ['startup', 'startup-development', 'public; personal', [], ['above-tenant-clearance', 'above-purpose']],
  ['startup', 'startup-development', 'internal', [], ['above-tenant-clearance', 'above-purpose']],
  ['startup', 'casework', 'public', [], ['not-registered']],
  ['school', 'education', 'public; minor', ['embedded'], []],
  ['school', 'education', 'public; personal minor', ['embedded'], []],
  ['school', 'drafting', 'public', [], ['not-registered']],
  ['agency', 'drafting', 'public', ['embedded', 'helsinki', 'home-us'], []],
  ['agency', 'drafting', 'internal', ['embedded'], []],
  ['agency', 'drafting', 'internal; personal', ['embedded'], []],
  ['agency', 'drafting', 'restricted', [], ['above-tenant-clearance', 'above-purpose']],
  ['agency', 'research', 'internal; personal', ['embedded'], []],
  ['ministry', 'casework', 'public', ['embedded', 'home-us'], []],
  ['ministry', 'casework', 'internal; special-category', ['embedded'], []],
  ['ministry', 'casework', 'internal; personal special-category minor', ['embedded'], []],
  ['ministry', 'casework', 'secret', [], ['above-tenant-clearance', 'above-purpose']],
  ['ministry', 'drafting', 'internal; special-category', [], ['above-purpose']],
  ['ministry', 'public-information', 'internal', [], ['above-purpose']],
];

for (const [tenant, purpose, data, routes, clauses] of table) {
  test(`${tenant}, ${purpose}, ${data}: ${routes.join(', ') || clauses.join(', ')}`, () => {
    const decision = abroad.ask({ tenant, purpose, data });
    const allowed = decision.kind === 'allow' ? decision.routes.map((route) => route.facts.backend.id) : [];
    assert.deepEqual(allowed, routes);
    assert.deepEqual(decision.kind === 'deny' ? decision.clauses.map(({ id }) => id) : [], clauses);
    assert.deepEqual(
      decision.considered.map(({ backend, allowed }) => [backend, allowed]),
      ['embedded', 'dublin-us', 'helsinki', 'home-us', 'virginia'].map((id) => [id, routes.includes(id)]),
    );
  });
}

test('when only a foreign backend could serve, the denial names the clauses with their legal bases', () => {
  const question = { tenant: 'agency', purpose: 'drafting', data: 'internal', model: 'mistral-small-24b-instruct' };
  const decision = abroad.ask(question);
  assert.equal(decision.kind, 'deny');
  if (decision.kind !== 'deny') return;
  assert.deepEqual(
    decision.clauses.map(({ id, set, legalBasis }) => [id, set, legalBasis.split(',')[0]]),
    [
      ['ee-foreign-owner', 'law', 'Regulation (EU) 2016/679 (GDPR)'],
      ['ee-internal-stays-in-country', 'law', 'Avaliku teabe seadus (AvTS) § 35'],
    ],
  );
  assert.deepEqual(Object.keys(decision.clauses[0]?.sentences ?? {}), ['en', 'et', 'ru']);
});

test('over the whole domain of the example no data leaves where its class forbids', () => {
  const { charter, law } = abroad;
  let allowed = 0;
  for (const facts of domainOf(charter)) {
    const decision = law.decide(facts);
    if (decision.kind !== 'allow') continue;
    for (const { facts: target } of decision.routes) {
      allowed++;
      const { level, caveats } = facts.classification;
      const home = target.site.jurisdiction === 'EE';
      const inUnion =
        ['EE', 'FI', 'IE', 'FR'].includes(target.backend.parentJurisdiction) && target.site.jurisdiction !== 'US';
      assert.ok(level <= 1, 'state secrets are never handled');
      assert.ok(home || (level === 0 && inUnion), `${target.backend.id} got level ${level}`);
      assert.ok(home || !(caveats.includes('minor') || caveats.includes('special-category')));
      assert.ok(inUnion || (level === 0 && caveats.length === 0));
    }
  }
  assert.ok(allowed > 40, `${allowed} routes were allowed`);
});

function* domainOf(charter: typeof abroad.charter): Generator<DecisionFacts> {
  const caveats = charter.classification.caveats.map(({ id }) => id).sort();
  for (const tenant of charter.tenants) {
    for (const purpose of charter.purposes) {
      for (const level of charter.classification.levels.keys()) {
        for (let bits = 0; bits < 2 ** caveats.length; bits++) {
          const some = caveats.filter((_, index) => (bits >> index) & 1);
          yield { tenant, purpose, classification: { level, caveats: some }, requestedModel: 'auto', mode: 'chat' };
        }
      }
    }
  }
}

test('a model that is admitted to nothing serves nobody', () => {
  const bytes = new Map(withForeignBackends);
  const models = new TextDecoder().decode(bytes.get('models.yaml'));
  bytes.set('models.yaml', new TextEncoder().encode(models.replaceAll(/admitted: \[\{.*\}\]/g, 'admitted: []')));
  const question = {
    tenant: 'public',
    purpose: 'public-information',
    data: 'public',
    model: 'mistral-small-24b-instruct',
  };
  const decision = lawOf(bytes).ask(question);
  assert.deepEqual(decision.kind === 'deny' ? decision.clauses.map(({ id }) => id).sort() : [], [
    'ee-foreign-owner',
    'model-not-admitted',
  ]);
});

test('a model that no backend serves is denied as such', () => {
  const decision = example.ask({ tenant: 'agency', purpose: 'drafting', data: 'internal', model: 'qwen3-4b' });
  assert.deepEqual(decision.kind === 'deny' ? decision.clauses.map(({ id }) => id) : [], ['no-backend']);
});

test('public information and schools carry the obligation to disclose, casework does not', () => {
  const obligations = (tenant: string, purpose: string) => {
    const decision = example.ask({ tenant, purpose, data: 'public' });
    return decision.kind === 'allow' ? decision.obligations : [];
  };
  assert.deepEqual(obligations('public', 'public-information'), [
    { kind: 'disclose', clause: 'ee-public-information' },
  ]);
  assert.deepEqual(obligations('school', 'education'), [{ kind: 'disclose', clause: 'ee-education' }]);
  assert.deepEqual(obligations('ministry', 'casework'), []);
});

test('a decision cannot be changed by who reads it', () => {
  const decision = example.ask({ tenant: 'agency', purpose: 'drafting', data: 'internal' });
  assert.throws(() => (decision.considered as unknown[]).pop(), TypeError);
  assert.throws(() => Object.assign(decision, { kind: 'deny' }), TypeError);
});
