import type { CharterFile } from '../../charter/schema.ts';
import { Problem } from '../../kit/index.ts';
import type { Route } from '../../policy/schema.ts';
import type { Verdict } from './backend-watch.ts';
import type { Rank } from './place-queue.ts';
import type { Traffic } from './traffic.ts';
import { type Chosen, waitForPlace } from './wait-for-place.ts';

export interface Journey {
  /** The legal set, as far as it can do what is asked. */
  readonly routes: readonly Route[];
  readonly routing: CharterFile['routing'];
  readonly session: string | null;
  readonly rank: Rank;
  /** True once nobody waits for the answer. */
  hasLeft(): boolean;
  /** Aborted then. Made when somebody must wait. */
  leaving(): AbortSignal;
}

/** How often one backend is tried for one request. */
const TRIES_EACH = 2;
const TRIES_MAX = 4;
const BACK_OFF_MS = 60;
/** A backend that wants to be left alone for longer is not waited for: the client is told instead. */
const REST_WAITED_FOR_MS = 2_000;

/** Chooses where each attempt of one request goes: never outside its legal set. */
export class Attempts {
  readonly #journey: Journey;
  readonly #traffic: Traffic;
  /** By backend; none while nothing was tried. */
  #tries: Map<string, number> | null = null;
  #count = 0;

  constructor(journey: Journey, traffic: Traffic) {
    this.#journey = journey;
    this.#traffic = traffic;
    traffic.retries.noteRequest();
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Whether another attempt may be made after one that failed. Takes it from the budget of retries, unless nobody was reached and
   * another backend is there to be asked: that adds no load to anybody.
   */
  mayRetry(verdict: Verdict): boolean {
    if (this.#count >= TRIES_MAX || this.#journey.hasLeft()) return false;
    const worthIt = this.#left().filter(({ facts }) => this.#traffic.view(facts.backend).restMs <= REST_WAITED_FOR_MS);
    if (worthIt.length === 0) return false;
    const wasMissed = verdict.kind === 'faulty' && !verdict.isReached;
    if (wasMissed && worthIt.some(({ facts }) => !this.#tries?.has(facts.backend.id))) return true;
    return this.#traffic.retries.take();
  }

  /** A backend that cannot answer this request is not tried again. */
  leaveOut(backend: string): void {
    this.#tries?.set(backend, TRIES_EACH);
  }

  /** The next route with a place at its backend, or why there is none: nothing was sent then. */
  async choose(): Promise<Chosen | Problem> {
    const { routing, session, rank, leaving } = this.#journey;
    const left = this.#left();
    const fresh = this.#tries === null ? left : left.filter(({ facts }) => !this.#tries?.has(facts.backend.id));
    if (fresh.length === 0) await this.#backOff(left);
    const ordered = this.#traffic.order(fresh.length > 0 ? fresh : left, { routing, session });
    for (const route of ordered) {
      const { backend } = route.facts;
      if (this.#traffic.view(backend).state !== 'ready') continue;
      const pending = this.#traffic.enter(backend, { rank, leaving });
      const place = pending instanceof Promise ? await pending : pending;
      if (place !== null) return this.#take({ route, place });
    }
    for (const state of ['full', 'stalled']) {
      const line = ordered.filter(({ facts }) => this.#traffic.view(facts.backend).state === state);
      const chosen = line.length === 0 ? null : await waitForPlace(line, this.#traffic, { rank, leaving });
      if (chosen !== null) return this.#take(chosen);
    }
    return this.#overloaded(ordered);
  }

  #take(chosen: Chosen): Chosen {
    const { id } = chosen.route.facts.backend;
    this.#tries ??= new Map();
    this.#tries.set(id, (this.#tries.get(id) ?? 0) + 1);
    this.#count++;
    return chosen;
  }

  #left(): readonly Route[] {
    const { routes } = this.#journey;
    const tries = this.#tries;
    return tries === null ? routes : routes.filter(({ facts }) => (tries.get(facts.backend.id) ?? 0) < TRIES_EACH);
  }

  /** Everything was tried once: waits with jitter, or as long as the backend asked for. */
  async #backOff(left: readonly Route[]): Promise<void> {
    const rests = left.map(({ facts }) => this.#traffic.view(facts.backend).restMs);
    const restMs = Math.min(...rests, REST_WAITED_FOR_MS);
    const waitMs = restMs + BACK_OFF_MS * 2 ** this.#count * (0.5 + Math.random() / 2);
    const signal = this.#journey.leaving();
    await new Promise<void>((resolve) => {
      const done = () => {
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#traffic.timers.after(waitMs, done);
      signal.addEventListener('abort', done);
    });
  }

  #overloaded(routes: readonly Route[]): Problem {
    const rests = routes.map(({ facts }) => this.#traffic.view(facts.backend).restMs);
    const retryAfterMs = Math.max(1_000, Math.min(...rests));
    const names = routes.map(({ facts }) => `\`${facts.backend.id}\``).join(', ');
    return new Problem(
      'overloaded',
      `no backend that the law allows has a place free now (${names}); try again in ${Math.ceil(retryAfterMs / 1000)} s`,
      { retryAfterMs },
    );
  }
}
