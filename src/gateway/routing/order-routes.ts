import { createHash } from 'node:crypto';
import type { CharterFile } from '../../charter/schema.ts';
import type { Route } from '../../policy/schema.ts';
import type { BackendView } from './backend-watch.ts';

export interface OrderWish {
  readonly routing: CharterFile['routing'];
  /** Requests with the same words go to the same backend while it can take them. */
  readonly session: string | null;
  viewOf(backend: string): BackendView;
  /** 0 up to but without 1. */
  random(): number;
}

const STATES = { ready: 0, full: 1, stalled: 2, resting: 3 } as const;

/**
 * The legal set in the order in which it is tried: who can answer now before who must be waited for, then the charter's
 * priority, then its way of balancing. Nothing is added and nothing is left out.
 */
export function orderRoutes(routes: readonly Route[], wish: OrderWish): readonly Route[] {
  if (routes.length === 1) return routes;
  const scored = routes.map((route) => {
    const { backend } = route.facts;
    const view = wish.viewOf(backend.id);
    return { route, state: STATES[view.state], priority: backend.priority, score: scoreOf(route, view, wish) };
  });
  scored.sort((a, b) => a.state - b.state || a.priority - b.priority || a.score - b.score);
  return scored.map(({ route }) => route);
}

/** Lower goes first. */
function scoreOf({ facts: { backend } }: Route, view: BackendView, wish: OrderWish): number {
  const { balance, affinity } = wish.routing;
  if (affinity && wish.session !== null) return -Math.log(share(`${wish.session}\n${backend.id}`)) / backend.weight;
  switch (balance) {
    case 'weights':
      // Smallest of exponential variables with these rates: each backend is first as often as its weight says.
      return -Math.log(1 - wish.random()) / backend.weight;
    case 'least-busy':
      return (view.running + view.waiting + wish.random()) / backend.weight;
    case 'latency':
      return latencyScore(view, wish) / backend.weight;
    case 'price':
      return backend.price.inputPerMillion + backend.price.outputPerMillion + wish.random() * 1e-9;
  }
}

/** How often somebody who failed and never answered is asked before those who do: seldom, but often enough to be found again. */
const PROBE_SHARE = 0.05;
/** More than any latency times any load. */
const LAST = 1e12;

function latencyScore({ latencyMs, faultsInARow, running, waiting }: BackendView, { random }: OrderWish): number {
  if (latencyMs === null && faultsInARow > 0) return random() < PROBE_SHARE ? 0 : LAST + random();
  return (latencyMs ?? 0) * (running + waiting + 1) + random();
}

/** Rendezvous hashing: above 0 and at most 1, the same for the same words in every process. */
function share(words: string): number {
  return (createHash('sha256').update(words).digest().readUInt32BE(0) + 1) / 2 ** 32;
}
