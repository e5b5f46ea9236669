import { type Clock, Problem } from '../kit/index.ts';

const WINDOW_MS = 60_000;

export interface Arrivals {
  /** @throws Problem `rate-limited` when this one came too often within a minute */
  count(name: string): void;
}

/**
 * What stands before the quota, because rows are written before the path counts: so many a minute and name in this
 * process. Exact quotas are the path's; this only keeps a flood out of the database.
 */
export function countArrivals(mostPerMinute: number, clock: Clock): Arrivals {
  let startedMs = clock.monotonicMs();
  let counts = new Map<string, number>();
  return {
    count(name) {
      const nowMs = clock.monotonicMs();
      if (nowMs - startedMs >= WINDOW_MS) {
        startedMs = nowMs;
        counts = new Map();
      }
      const now = (counts.get(name) ?? 0) + 1;
      counts.set(name, now);
      if (now <= mostPerMinute) return;
      const retryAfterMs = startedMs + WINDOW_MS - nowMs;
      throw new Problem('rate-limited', `more than ${mostPerMinute} within a minute; wait until it is over`, {
        retryAfterMs,
      });
    },
  };
}
