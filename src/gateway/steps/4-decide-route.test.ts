import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { walkPath } from '../../../test/walk-path.ts';

const inForce = putInForce(exampleBytes());

test('what the law allows comes back as the legal set, every route of it with the class in its clearance', async () => {
  const decided = await walkPath(inForce, { headers: { 'x-polity-classification': 'public' } }).decide();
  assert.ok(decided.kind === 'decided' && decided.routes.length > 0);
  assert.deepEqual(decided.routes, decided.decision.routes);
  for (const { facts } of decided.routes) assert.equal(facts.site.jurisdiction, 'EE');
});

test('a denial is a value: it names the clauses with their legal basis, in the problem and in the event, and nothing was thrown', async () => {
  const { exchange, decide } = walkPath(inForce, { headers: { 'x-polity-classification': 'internal; minor' } });
  const refused = await decide();
  assert.ok(refused.kind === 'refused' && refused.decision.kind === 'deny');
  const { code, status, detail, extras } = refused.problem;
  assert.deepEqual([code, status, extras.members?.classification], ['refused-by-policy', 403, 'internal; minor']);
  const ids = refused.decision.clauses.map(({ id }) => id);
  assert.ok(ids.length > 0);
  assert.deepEqual(exchange.event.clauses, ids);
  assert.match(detail, new RegExp(`\`${ids[0]}\`.*nothing was sent`));
});

test('the same facts are decided once: both requests share one decision', async () => {
  const [one, other] = [await walkPath(inForce).decide(), await walkPath(inForce).decide()];
  assert.equal(one.decision, other.decision);
});
