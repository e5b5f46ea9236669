import type { Backend, CharterFile } from '../../charter/schema.ts';
import type { Clock, Timers } from '../../kit/index.ts';
import type { Route } from '../../policy/schema.ts';
import { type BackendView, BackendWatch, type Verdict } from './backend-watch.ts';
import { orderRoutes } from './order-routes.ts';
import type { Waiting } from './place-queue.ts';
import { RetryBudget } from './retry-budget.ts';

export interface TrafficOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** 0 up to but without 1. */
  random(): number;
  /** How many gateway processes share each backend. */
  readonly workers?: number;
}

/** A place at a backend. Exactly one `leave`. */
export interface Place {
  leave(verdict: Verdict): void;
}

/** Where requests of this process are and how backends do: order, places, health. One for all versions of the charter. */
export class Traffic {
  readonly retries = new RetryBudget();
  readonly #watches = new Map<string, BackendWatch>();
  readonly #options: TrafficOptions;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Bounds from the charter in force; what it no longer names is forgotten. */
  adopt(backends: readonly Backend[]): void {
    const named = new Set(backends.map(({ id }) => id));
    for (const id of this.#watches.keys()) if (!named.has(id)) this.#watches.delete(id);
    for (const backend of backends) this.#watches.get(backend.id)?.queue.resize(this.#placesOf(backend));
  }

  get timers(): Timers {
    return this.#options.timers;
  }

  view(backend: Backend): BackendView {
    return this.#watch(backend).view();
  }

  order(routes: readonly Route[], wish: { routing: CharterFile['routing']; session: string | null }): readonly Route[] {
    if (routes.length === 1) return routes;
    const views = new Map(routes.map(({ facts }) => [facts.backend.id, this.view(facts.backend)]));
    const { random } = this.#options;
    return orderRoutes(routes, { ...wish, random, viewOf: (id) => views.get(id) as BackendView });
  }

  /** Null when no place came in time. */
  enter(backend: Backend, waiting: Waiting): Place | null | Promise<Place | null> {
    const watch = this.#watch(backend);
    const isIn = watch.queue.enter(waiting);
    return isIn instanceof Promise ? isIn.then((entered) => placeBehindWait(watch, entered)) : placeAt(watch, isIn);
  }

  /** Ids of backends that are left alone because they could not be reached. */
  listMissed(): readonly string[] {
    return [...this.#watches].filter(([, watch]) => watch.isMissed).map(([id]) => id);
  }

  /** Ids of backends at which requests run and have not ended for long, and of those that did not answer a look since. */
  listQuiet(): readonly string[] {
    return [...this.#watches].filter(([, { isQuiet, isStalled }]) => isQuiet || isStalled).map(([id]) => id);
  }

  look(id: string, isAlive: boolean): void {
    this.#watches.get(id)?.look(isAlive);
  }

  wake(id: string): void {
    this.#watches.get(id)?.wake();
  }

  #watch(backend: Backend): BackendWatch {
    let watch = this.#watches.get(backend.id);
    if (watch === undefined) {
      watch = new BackendWatch(this.#placesOf(backend), this.#options);
      this.#watches.set(backend.id, watch);
    }
    return watch;
  }

  #placesOf({ concurrent }: Backend): number {
    return Math.max(1, Math.floor(concurrent / (this.#options.workers ?? 1)));
  }
}

/** What it has become meanwhile counts: who is to be left alone now is left alone. */
function placeBehindWait(watch: BackendWatch, isIn: boolean): Place | null {
  if (!isIn || watch.view().state !== 'resting') return placeAt(watch, isIn);
  watch.queue.leave();
  return null;
}

function placeAt(watch: BackendWatch, isIn: boolean): Place | null {
  if (!isIn) return null;
  watch.begin();
  let hasLeft = false;
  return {
    leave(verdict) {
      if (hasLeft) return;
      hasLeft = true;
      watch.learn(verdict);
      watch.queue.leave();
    },
  };
}
