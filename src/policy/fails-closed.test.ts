import assert from 'node:assert/strict';
import test from 'node:test';
import { editedBytes, exampleBytes } from '../../test/charter-files.ts';
import { lawOf } from '../../test/decide-example.ts';
import { cedarRequests } from './cedar-request.ts';
import { cedarSchema } from './cedar-schema.ts';
import { decider } from './decide.ts';
import { type Evaluation, prepareCedar } from './evaluate-cedar.ts';

const { charter, factsOf } = lawOf(exampleBytes());
const facts = factsOf({ tenant: 'agency', purpose: 'drafting', data: 'internal' });
const schema = cedarSchema(charter);
const everything = { all: 'permit (principal, action, resource);' };
// Adds beyond 64 bits: passes the strict schema and errs when it is evaluated. Our own lint forbids it in a charter.
const erring = 'forbid (principal, action, resource) when { context.level + 9223372036854775807 > 0 };';
const none = () => ({ kind: 'decided', allowed: false, reasons: [] }) as const;

function decideWith(askLaw: Asks, askRedLines: Asks) {
  const requestFor = cedarRequests(charter);
  return decider(charter, { digest: '', policies: new Map(), askLaw, askRedLines, requestFor })(facts);
}

type Asks = ReturnType<typeof prepareCedar>;

function clausesOf(askLaw: Asks, askRedLines: Asks): readonly string[] {
  const decision = decideWith(askLaw, askRedLines);
  return decision.kind === 'deny' ? decision.clauses.map(({ id }) => id) : ['allowed'];
}

test('a forbid of the law that errs denies, though Cedar itself would skip it and allow', () => {
  const askLaw = prepareCedar(schema, { ...everything, erring });
  assert.deepEqual(clausesOf(askLaw, none), ['policy-error']);
});

test('a red line that errs denies', () => {
  const askRedLines = prepareCedar(schema, { erring });
  assert.deepEqual(clausesOf(prepareCedar(schema, everything), askRedLines), ['policy-error']);
});

test('a red line that is satisfied denies whatever the law allows', () => {
  const askRedLines = prepareCedar(schema, { line: 'forbid (principal, action, resource);' });
  const decision = decideWith(prepareCedar(schema, everything), askRedLines);
  assert.deepEqual(decision.considered, [{ backend: 'embedded', allowed: false, clauses: ['line'] }]);
});

test('a request that lacks a fact, has an unknown one or a name outside the charter is an error, not an answer', () => {
  const ask = prepareCedar(schema, {
    ...everything,
    line: 'forbid (principal, action, resource) when { context.level > 1 };',
  });
  const target = { ...decideWith(prepareCedar(schema, everything), none) };
  assert.equal(target.kind, 'allow');
  const request = cedarRequests(charter)(
    facts,
    target.kind === 'allow' ? (target.routes[0]?.facts as never) : (null as never),
  );
  assert.equal(ask(request).kind, 'decided');

  const { level, ...withoutLevel } = request.context;
  assert.equal(level, 1);
  const wrong = [
    { ...request, context: withoutLevel },
    { ...request, context: { ...request.context, extra: true } },
    { ...request, context: { ...request.context, level: 'high' } },
    { ...request, context: { ...request.context, purpose: { __entity: { type: 'Purpose', id: 'spying' } } } },
    { ...request, entities: request.entities.map((entity) => ({ ...entity, attrs: {} })) },
  ];
  assert.deepEqual(
    wrong.map((one) => ask(one).kind),
    wrong.map(() => 'error'),
  );
});

test('a backend that Cedar is told nothing of is denied', () => {
  const ask = prepareCedar(schema, { one: 'permit (principal, action, resource) when { resource.inCountry };' });
  const decision = decideWith((request): Evaluation => ask({ ...request, entities: [] }), none);
  assert.deepEqual(decision.kind === 'deny' ? decision.clauses.map(({ id }) => id) : [], ['policy-error']);
});

test('a level outside the lattice is denied', () => {
  const { law } = lawOf(exampleBytes());
  for (const level of [-1, 0.5, 6, Number.NaN, Number.POSITIVE_INFINITY]) {
    const decision = law.decide({ ...facts, classification: { level, caveats: [] } });
    assert.equal(decision.kind, 'deny', String(level));
  }
});

test('a caveat outside the lattice is denied', () => {
  const { law } = lawOf(exampleBytes());
  assert.equal(law.decide({ ...facts, classification: { level: 0, caveats: ['invented'] } }).kind, 'deny');
});

test('facts of another charter are judged by what this charter says of the same ids', () => {
  const { law } = lawOf(exampleBytes());
  const tenant = { ...facts.tenant, clearance: { level: 'top-secret', caveats: [] } };
  const decision = law.decide({ ...facts, tenant, classification: { level: 4, caveats: [] } });
  assert.equal(decision.kind, 'deny');
  const stranger = law.decide({ ...facts, tenant: { ...facts.tenant, id: 'stranger' } });
  assert.deepEqual(stranger.kind === 'deny' ? stranger.clauses.map(({ id }) => id) : [], ['not-registered']);
});

test('a law without a matching permit denies with no-permit', () => {
  const bytes = editedBytes({ 'policies/permits.cedar': ['context.purpose == Purpose::"drafting"', 'false'] });
  const decision = lawOf(bytes).ask({ tenant: 'agency', purpose: 'drafting', data: 'internal' });
  assert.deepEqual(decision.kind === 'deny' ? decision.clauses.map(({ id }) => id) : [], ['no-permit']);
});
