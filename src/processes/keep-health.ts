import type { CharterInForce, Traffic } from '../gateway/index.ts';

const LOOK_EVERY_MS = 2_000;
/** One that is quiet may only be busy: it is looked at each time that so many looks were taken. */
const QUIET_LOOKS = 5;

/**
 * Looks at backends that are left alone because nobody was there: who is back need not wait for its rest to end. And at those
 * that take requests and end none: who hangs gets no more of them while others of the legal set can answer.
 */
export function keepHealth(traffic: Traffic, inForce: () => CharterInForce): { close(): void } {
  let isLooking = false;
  let looks = 0;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const { ports } = inForce();
    const alive = async (id: string) => {
      if (await ports.get(id)?.probe?.()) traffic.wake(id);
    };
    const lookAt = async (id: string) => {
      const isAlive = await ports.get(id)?.probe?.();
      if (isAlive != null) traffic.look(id, isAlive);
    };
    const quiet = looks++ % QUIET_LOOKS === 0 ? traffic.listQuiet() : [];
    await Promise.allSettled([...traffic.listMissed().map(alive), ...quiet.map(lookAt)]);
    isLooking = false;
  };
  const beat = setInterval(() => void look(), LOOK_EVERY_MS);
  return { close: () => clearInterval(beat) };
}
