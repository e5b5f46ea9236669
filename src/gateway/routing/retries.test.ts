import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock, systemTimers } from '../../kit/index.ts';
import type { Route } from '../../policy/schema.ts';
import { Attempts } from './attempts.ts';
import type { Verdict } from './backend-watch.ts';
import { Traffic } from './traffic.ts';

const routesOf = (...ids: string[]): Route[] =>
  ids.map((id, at) => ({ facts: { backend: { id, priority: at, weight: 1, concurrent: 64 } } }) as unknown as Route);

const missed: Verdict = { kind: 'faulty', isReached: false };
const broken: Verdict = { kind: 'faulty', isReached: true };
const well: Verdict = { kind: 'well', firstByteMs: 20 };

/** Where each request ended when `verdictOf` says how a call of a backend goes; null where no other try was allowed. */
async function ask(traffic: Traffic, routes: readonly Route[], verdictOf: (id: string) => Verdict) {
  const routing = { balance: 'weights', affinity: true } as const;
  const leaving = () => new AbortController().signal;
  const attempts = new Attempts(
    { routes, routing, session: null, rank: 'interactive', hasLeft: () => false, leaving },
    traffic,
  );
  for (;;) {
    const chosen = await attempts.choose();
    if (!('place' in chosen)) return null;
    const { id } = chosen.route.facts.backend;
    const verdict = verdictOf(id);
    chosen.place.leave(verdict);
    if (verdict.kind === 'well') return id;
    if (!attempts.mayRetry(verdict)) return null;
  }
}

const newTraffic = () => new Traffic({ clock: systemClock, timers: systemTimers, random: Math.random });

test('backends that nobody reached cost no retries: every request goes on to the one that answers', async () => {
  const traffic = newTraffic();
  const routes = routesOf('away-1', 'away-2', 'away-3', 'there');
  for (let request = 0; request < 30; request++)
    assert.equal(await ask(traffic, routes, (id) => (id === 'there' ? well : missed)), 'there', `request ${request}`);
});

test('backends that were reached and failed are tried again within the budget alone', async () => {
  const traffic = newTraffic();
  const ends: (string | null)[] = [];
  for (let request = 0; request < 30; request++)
    ends.push(await ask(traffic, routesOf(`broken-${request}`, 'there'), (id) => (id === 'there' ? well : broken)));
  assert.equal(ends[0], 'there');
  assert.ok(ends.includes(null));
});
