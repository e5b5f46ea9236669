import type { BackendMinute } from './ports.ts';

/** Steps for each doubling of time: a percentile is right to 5 per cent. */
const STEPS_PER_DOUBLING = 8;
/** About 18 hours. */
const LAST_STEP = 26 * STEPS_PER_DOUBLING;
const MINUTE_MS = 60_000;
/** The step of answers that failed. */
export const FAILED_STEP = -1;

export interface Answered {
  readonly backend: string;
  readonly isRight: boolean;
  /** From the first byte of the request to the first of its answer, milliseconds. */
  readonly firstByteMs: number;
  /** To the last byte, milliseconds. */
  readonly totalMs: number;
}

/** Counts answers of this process until they are taken. */
export class BackendTally {
  #minutes = new Map<string, { -readonly [Key in keyof BackendMinute]: BackendMinute[Key] }>();

  note({ backend, isRight, firstByteMs, totalMs }: Answered, nowMs: number): void {
    const step = isRight ? stepOf(firstByteMs) : FAILED_STEP;
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const key = `${minuteMs} ${step} ${backend}`;
    const counted = this.#minutes.get(key) ?? { backend, minuteMs, step, answers: 0, busyMs: 0 };
    counted.answers += 1;
    counted.busyMs += Math.max(0, Math.round(totalMs));
    this.#minutes.set(key, counted);
  }

  /** What was counted since the last call. */
  take(): readonly BackendMinute[] {
    const taken = [...this.#minutes.values()];
    this.#minutes = new Map();
    return taken;
  }
}

function stepOf(ms: number): number {
  return Math.min(LAST_STEP, Math.max(0, Math.round(STEPS_PER_DOUBLING * Math.log2(Math.max(1, ms)))));
}

/** Milliseconds in the middle of a step. */
function msOf(step: number): number {
  return 2 ** (step / STEPS_PER_DOUBLING);
}

/** The time within which a share of the answers began, milliseconds to 5 per cent; null without an answer. */
export function percentileMs(minutes: readonly BackendMinute[], share: number): number | null {
  const right = minutes.filter(({ step }) => step !== FAILED_STEP).sort((a, b) => a.step - b.step);
  const wanted = share * right.reduce((sum, { answers }) => sum + answers, 0);
  let passed = 0;
  for (const { step, answers } of right) {
    passed += answers;
    if (passed >= wanted) return msOf(step);
  }
  return null;
}
