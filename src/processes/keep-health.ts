import type { CharterInForce, Traffic } from '../gateway/index.ts';

const LOOK_EVERY_MS = 2_000;

/** Looks at backends that are left alone because nobody was there: who is back need not wait for its rest to end. */
export function keepHealth(traffic: Traffic, inForce: () => CharterInForce): { close(): void } {
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const { ports } = inForce();
    const alive = async (id: string) => {
      if (await ports.get(id)?.probe?.()) traffic.wake(id);
    };
    await Promise.allSettled(traffic.listMissed().map(alive));
    isLooking = false;
  };
  const beat = setInterval(() => void look(), LOOK_EVERY_MS);
  return { close: () => clearInterval(beat) };
}
