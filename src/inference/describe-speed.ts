import { FAILED_STEP, percentileMs } from './backend-tally.ts';
import type { BackendMinute, BackendSpeed } from './ports.ts';

const MINUTE_MS = 60_000;
const PARTS = 12;
const PART_MS = 5 * MINUTE_MS;

/** `minutes`: of one backend. `concurrent`: how many requests it may have at the same time. */
export function describeSpeed(
  minutes: readonly BackendMinute[],
  at: { nowMs: number; concurrent: number },
): BackendSpeed {
  const since = (ms: number) => minutes.filter(({ minuteMs }) => minuteMs > at.nowMs - ms && minuteMs <= at.nowMs);
  const hour = since(PARTS * PART_MS);
  const sum = (of: readonly BackendMinute[], wanted: (one: BackendMinute) => boolean) =>
    of.filter(wanted).reduce((total, { answers }) => total + answers, 0);
  const busyMs = since(PART_MS).reduce((total, one) => total + one.busyMs, 0);
  const medians = Array.from({ length: PARTS }, (_, part) => {
    const endMs = at.nowMs - (PARTS - 1 - part) * PART_MS;
    return percentileMs(
      hour.filter(({ minuteMs }) => minuteMs > endMs - PART_MS && minuteMs <= endMs),
      0.5,
    );
  });
  return {
    answers: sum(hour, ({ step }) => step !== FAILED_STEP),
    failed: sum(hour, ({ step }) => step === FAILED_STEP),
    p50Ms: percentileMs(hour, 0.5),
    p95Ms: percentileMs(hour, 0.95),
    load: Math.min(1, busyMs / (PART_MS * Math.max(1, at.concurrent))),
    medians,
    isFailing: isFailing(hour),
  };
}

/** In the latest minute in which it was asked, nothing but failures. */
function isFailing(minutes: readonly BackendMinute[]): boolean {
  const latestMs = Math.max(...minutes.map(({ minuteMs }) => minuteMs));
  const latest = minutes.filter(({ minuteMs }) => minuteMs === latestMs);
  return latest.length > 0 && latest.every(({ step }) => step === FAILED_STEP);
}
