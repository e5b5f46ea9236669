import type { Timer, Timers } from '../kit/index.ts';

/** How long a worker that went silent is taken for alive; what it had taken up is taken up by another then. Milliseconds. */
export const CLAIM_MS = 60_000;
const RENEW_MS = 15_000;

/** Does a piece of work under a claim that is renewed until it is over, however long it takes: only who dies loses it. */
export async function keepClaim<Result>(
  renew: (forMs: number) => Promise<unknown>,
  timers: Timers,
  work: () => Promise<Result>,
): Promise<Result> {
  let timer: Timer;
  let isOver = false;
  const again = () => {
    // A database that is away is asked again; if it stays away, others find the claim ended.
    const asked = renew(CLAIM_MS).catch(() => {});
    void asked.then(() => {
      if (!isOver) timer = timers.after(RENEW_MS, again);
    });
  };
  timer = timers.after(RENEW_MS, again);
  try {
    return await work();
  } finally {
    isOver = true;
    timer.cancel();
  }
}
