import type { Clock, Timers } from '../../kit/index.ts';
import { PlaceQueue } from './place-queue.ts';

/** How a call went, as far as the backend is concerned. */
export type Verdict =
  | { readonly kind: 'well'; readonly firstByteMs: number }
  /** It does not work: not reached, broke off, answered with what is no answer. Slowness is no fault. */
  | { readonly kind: 'faulty'; readonly isReached: boolean }
  /** It said that it has too much to do. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  /** Nothing was learned: the client left, or the request was wrong. */
  | { readonly kind: 'unknown' };

/** In a row, until a backend is left alone for a while. */
const FAULTS_TO_OPEN = 5;
const OPEN_FIRST_MS = 5_000;
const OPEN_MAX_MS = 60_000;
/** When a busy backend does not say for how long. */
const BUSY_MS = 1_000;
const BUSY_MAX_MS = 60_000;
/** After so long an old latency counts for a third. */
const DECAY_MS = 10_000;
/** Nothing has ended for so long although something runs: whether anybody is there is worth a look. */
const QUIET_MS = 30_000;

export interface BackendView {
  /** `stalled`: it takes requests, and does not answer so much as a look from outside. */
  readonly state: 'ready' | 'full' | 'stalled' | 'resting';
  /** Milliseconds until it may be asked again; 0 unless it rests. */
  readonly restMs: number;
  readonly running: number;
  readonly waiting: number;
  /** Peak-sensitive mean of the time until the first byte, milliseconds; null before the first answer. */
  readonly latencyMs: number | null;
  readonly faultsInARow: number;
}

/** What this process knows of one backend: how busy, how fast, and whether it works. Memory only. */
export class BackendWatch {
  readonly queue: PlaceQueue;
  readonly #clock: Clock;
  #latencyMs: number | null = null;
  #learnedMs = 0;
  #faults = 0;
  #restUntilMs = 0;
  #openMs = OPEN_FIRST_MS;
  #isProbing = false;
  #isReached = true;
  #isStalled = false;
  /** When something ended last, or began while nothing ran. */
  #heardMs = 0;

  constructor(concurrent: number, time: { readonly clock: Clock; readonly timers: Timers }) {
    this.queue = new PlaceQueue(concurrent, time.timers);
    this.#clock = time.clock;
  }

  /** Left alone because nobody was there: a look from outside tells when that has changed. */
  get isMissed(): boolean {
    return this.isOpen && !this.#isReached;
  }

  get isQuiet(): boolean {
    return this.queue.running > 0 && this.#clock.monotonicMs() - this.#heardMs >= QUIET_MS;
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  get isOpen(): boolean {
    return this.#faults >= FAULTS_TO_OPEN;
  }

  view(): BackendView {
    const restMs = Math.max(0, this.#restUntilMs - this.#clock.monotonicMs());
    // After its rest one request alone tries whether it works again.
    const isResting = restMs > 0 || (this.isOpen && this.#isProbing);
    return {
      state: isResting ? 'resting' : this.#isStalled ? 'stalled' : this.queue.isFull ? 'full' : 'ready',
      restMs: isResting ? Math.max(restMs, BUSY_MS) : 0,
      running: this.queue.running,
      waiting: this.queue.waiting,
      latencyMs: this.#latencyMs,
      faultsInARow: this.#faults,
    };
  }

  begin(): void {
    if (this.queue.running === 1) this.#heardMs = this.#clock.monotonicMs();
    if (this.isOpen) this.#isProbing = true;
  }

  learn(verdict: Verdict): void {
    this.#isProbing = false;
    const nowMs = this.#clock.monotonicMs();
    this.#heardMs = nowMs;
    if (verdict.kind === 'well') this.#succeed(verdict.firstByteMs, nowMs);
    else if (verdict.kind === 'faulty') this.#fail(verdict.isReached);
    else if (verdict.kind === 'busy') this.#rest(Math.min(verdict.retryAfterMs ?? BUSY_MS, BUSY_MAX_MS));
  }

  /** A look from outside found it alive: the next request may try. */
  wake(): void {
    if (this.isMissed) this.#restUntilMs = 0;
  }

  /** A look from outside at one that is quiet. Slow is not dead, and one that is does not answer this either. */
  look(isAlive: boolean): void {
    this.#isStalled = !isAlive;
  }

  #succeed(firstByteMs: number, nowMs: number): void {
    this.#isStalled = false;
    this.#faults = 0;
    this.#openMs = OPEN_FIRST_MS;
    this.#restUntilMs = 0;
    const old = this.#latencyMs;
    const share = Math.exp(-(nowMs - this.#learnedMs) / DECAY_MS);
    this.#latencyMs = old === null || firstByteMs > old ? firstByteMs : old * share + firstByteMs * (1 - share);
    this.#learnedMs = nowMs;
  }

  #fail(isReached: boolean): void {
    this.#isReached = isReached;
    // Of a request from before: all that ran break when a backend does, and say one thing.
    if (this.isOpen && this.#restUntilMs > this.#clock.monotonicMs()) return;
    this.#faults++;
    if (this.#faults < FAULTS_TO_OPEN) return;
    this.#rest(this.#openMs);
    this.#openMs = Math.min(this.#openMs * 2, OPEN_MAX_MS);
  }

  #rest(ms: number): void {
    this.#restUntilMs = Math.max(this.#restUntilMs, this.#clock.monotonicMs() + ms);
  }
}
