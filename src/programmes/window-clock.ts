import type { Clock } from '../kit/index.ts';
import type { LimitRule } from './limit-kinds.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

const endless: Span = { startMs: 0, endMs: Number.POSITIVE_INFINITY };

/** The windows of now, in UTC. A wall clock that steps back never brings a used window back: time then flows by the monotonic clock. */
export class WindowClock {
  readonly #clock: Clock;
  #nowMs = 0;
  #stampWallMs = 0;
  #stampMonotonicMs = 0;
  #minute: Span = { startMs: 0, endMs: 0 };
  #day: Span = { startMs: 0, endMs: 0 };
  #month: Span = { startMs: 0, endMs: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wall milliseconds that never step back. */
  now(): number {
    const wallMs = this.#clock.wallMs();
    let nowMs = wallMs;
    if (wallMs >= this.#stampWallMs) {
      this.#stampWallMs = wallMs;
      this.#stampMonotonicMs = this.#clock.monotonicMs();
    } else {
      nowMs = this.#stampWallMs + (this.#clock.monotonicMs() - this.#stampMonotonicMs);
    }
    if (nowMs > this.#nowMs) this.#nowMs = nowMs;
    if (this.#nowMs >= this.#minute.endMs) this.#turn();
    return this.#nowMs;
  }

  /** As of the last `now()`. */
  span(window: LimitRule['window']): Span {
    if (window === 'minute') return this.#minute;
    if (window === 'day') return this.#day;
    return window === 'month' ? this.#month : endless;
  }

  #turn(): void {
    const at = this.#nowMs;
    const minuteMs = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    this.#minute = { startMs: minuteMs, endMs: minuteMs + MINUTE_MS };
    if (at < this.#day.endMs) return;
    const dayMs = Math.floor(at / DAY_MS) * DAY_MS;
    this.#day = { startMs: dayMs, endMs: dayMs + DAY_MS };
    const date = new Date(at);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    this.#month = { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
  }
}
