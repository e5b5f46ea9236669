/** Time comes in as a port: durations from the monotonic clock, stamps from the wall clock. */
export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01T00:00:00Z. May step back. */
  wallMs(): number;
  /** Monotonic clock, milliseconds from an arbitrary start. Never steps back. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Wakes later; a port like the clock. */
export interface Timers {
  after(ms: number, call: () => void): Timer;
}

export interface Timer {
  /** Counts from now again, after it has rung too. */
  refresh(): void;
  cancel(): void;
}

export const systemTimers: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { refresh: () => void timer.refresh(), cancel: () => clearTimeout(timer) };
  },
};

/** A wall time as RFC 3339 in UTC with whole seconds: what statements and logs carry. */
export function formatTime(wallMs: number): string {
  return new Date(Math.floor(wallMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
