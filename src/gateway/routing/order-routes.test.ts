import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Route } from '../../policy/schema.ts';
import type { BackendView } from './backend-watch.ts';
import { type OrderWish, orderRoutes } from './order-routes.ts';

interface Wanted {
  readonly id: string;
  readonly priority?: number;
  readonly weight?: number;
  readonly price?: number;
  readonly view?: Partial<BackendView>;
}

const quiet: BackendView = { state: 'ready', restMs: 0, running: 0, waiting: 0, latencyMs: null, faultsInARow: 0 };

function order(
  wanted: readonly Wanted[],
  wish: Partial<OrderWish['routing']> & { session?: string | null; random?: () => number },
): string[] {
  const { session = null, random = Math.random, ...routing } = wish;
  const routes = wanted.map(({ id, priority = 1, weight = 1, price = 1 }) => {
    const backend = { id, priority, weight, price: { inputPerMillion: price, outputPerMillion: price } };
    return { facts: { backend } } as unknown as Route;
  });
  const views = new Map(wanted.map(({ id, view }) => [id, { ...quiet, ...view }]));
  const viewOf = (id: string) => views.get(id) ?? quiet;
  const ordered = orderRoutes(routes, {
    routing: { balance: 'weights', affinity: true, ...routing },
    session,
    random,
    viewOf,
  });
  return ordered.map(({ facts }) => facts.backend.id);
}

test('nothing is added to the legal set and nothing is left out, whatever the order', () => {
  const state = fc.constantFrom('ready' as const, 'full' as const, 'resting' as const);
  const one = fc.record({
    priority: fc.nat(3),
    weight: fc.integer({ min: 1, max: 9 }),
    price: fc.nat(9),
    view: fc.record({ state, running: fc.nat(9), latencyMs: fc.option(fc.nat(900)) }),
  });
  const balance = fc.constantFrom('weights' as const, 'least-busy' as const, 'latency' as const, 'price' as const);
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), balance, fc.option(fc.string()), (list, by, session) => {
      const wanted = list.map((item, at) => ({ ...item, id: `b${at}` }));
      const ordered = order(wanted, { balance: by, session });
      assert.deepEqual([...ordered].sort(), wanted.map(({ id }) => id).sort());
      const rank = (id: string) => {
        const { view, priority } = wanted.find((item) => item.id === id) ?? {};
        return ['ready', 'full', 'resting'].indexOf(view?.state ?? 'ready') * 10 + (priority ?? 0);
      };
      for (const [at, id] of ordered.entries()) assert.ok(at === 0 || rank(ordered[at - 1] ?? '') <= rank(id));
    }),
  );
});

test('each backend is first as often as its weight says', () => {
  const wanted = [
    { id: 'a', weight: 1 },
    { id: 'b', weight: 3 },
  ];
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const rounds = 4_000;
  let first = 0;
  for (let round = 0; round < rounds; round++) if (order(wanted, { random })[0] === 'b') first++;
  assert.ok(Math.abs(first / rounds - 0.75) < 0.03, `${first} of ${rounds}`);
});

test('by load, by latency and by price the best goes first', () => {
  const wanted: Wanted[] = [
    { id: 'busy', price: 1, view: { running: 9, latencyMs: 100 } },
    { id: 'slow', price: 3, view: { running: 1, latencyMs: 900 } },
    { id: 'idle', price: 2, view: { running: 0, latencyMs: 400 } },
  ];
  assert.deepEqual(order(wanted, { balance: 'least-busy' }), ['idle', 'slow', 'busy']);
  assert.deepEqual(order(wanted, { balance: 'latency' }), ['idle', 'busy', 'slow']);
  assert.deepEqual(order(wanted, { balance: 'price' }), ['busy', 'idle', 'slow']);
});

test('by latency, who never answered and failed goes behind those who answer, and is tried now and then', () => {
  const wanted: Wanted[] = [
    { id: 'dead', view: { faultsInARow: 2 } },
    { id: 'slow', view: { latencyMs: 90_000, running: 9 } },
  ];
  const countFirsts = (among: Wanted[]) => {
    const firsts: Record<string, number> = {};
    for (let round = 0; round < 2_000; round++) {
      const [first = ''] = order(among, { balance: 'latency' });
      firsts[first] = (firsts[first] ?? 0) + 1;
    }
    return firsts;
  };
  const { dead = 0 } = countFirsts(wanted);
  assert.ok(dead > 20 && dead < 200, `${dead} of 2000`);
  // Whom nobody asked yet is asked first: nothing speaks against it.
  const { fresh = 0, slow = 0 } = countFirsts([{ id: 'fresh' }, ...wanted]);
  assert.ok(fresh > 1_800 && slow === 0, `${fresh} and ${slow} of 2000`);
});

test('a conversation stays with its backend, moves only when that one cannot answer, and conversations are spread', () => {
  const wanted: Wanted[] = ['a', 'b', 'c'].map((id) => ({ id }));
  const firsts = new Set<string>();
  for (let one = 0; one < 50; one++) {
    const session = `talk ${one}`;
    const [first = '', second = ''] = order(wanted, { session });
    firsts.add(first);
    for (let again = 0; again < 3; again++) assert.equal(order(wanted, { session })[0], first);
    const without = wanted.map((item) => (item.id === first ? { ...item, view: { state: 'resting' as const } } : item));
    assert.equal(order(without, { session })[0], second);
  }
  assert.equal(firsts.size, 3);
});
