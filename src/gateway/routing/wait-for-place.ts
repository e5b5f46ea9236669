import type { Route } from '../../policy/schema.ts';
import type { Waiting } from './place-queue.ts';
import type { Place, Traffic } from './traffic.ts';

export interface Chosen {
  readonly route: Route;
  readonly place: Place;
}

/**
 * Waits at all of these backends at once and takes the first place that is free: one that hangs holds up nobody whom another
 * could answer. Null when none came in time.
 */
export async function waitForPlace(
  routes: readonly Route[],
  traffic: Traffic,
  { rank, leaving }: Waiting,
): Promise<Chosen | null> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, leaving()]);
  const lines = routes.map(async (route): Promise<Chosen> => {
    const place = await traffic.enter(route.facts.backend, { rank, leaving: () => signal });
    if (place === null) throw new Error('no place came in time');
    return { route, place };
  });
  const chosen = await Promise.any(lines).catch(() => null);
  over.abort();
  for (const line of lines) {
    const giveBack = (other: Chosen) => {
      if (other !== chosen) other.place.leave({ kind: 'unknown' });
    };
    line.then(giveBack, () => {});
  }
  return chosen;
}
