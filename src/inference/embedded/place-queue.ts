/** A place in the engine, to be given back once. */
export type TakenPlace<T> =
  | { readonly kind: 'place'; readonly place: T }
  | { readonly kind: 'full' }
  /** Whoever waited has left. */
  | { readonly kind: 'left' };

interface Waiting<T> {
  take(place: T): void;
}

/** Few places and a bounded queue before them, first come, first served. */
export class PlaceQueue<T> {
  readonly #free: T[];
  readonly #waiting: Waiting<T>[] = [];
  readonly #waitingMax: number;
  readonly #places: number;

  constructor(places: readonly T[], waitingMax: number) {
    this.#free = [...places];
    this.#places = places.length;
    this.#waitingMax = waitingMax;
  }

  get taken(): number {
    return this.#places - this.#free.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Of the free places the one that `score` likes best. */
  async take(signal: AbortSignal, score: (place: T) => number): Promise<TakenPlace<T>> {
    if (signal.aborted) return { kind: 'left' };
    const best = this.#free.toSorted((one, other) => score(other) - score(one))[0];
    if (best !== undefined) {
      this.#free.splice(this.#free.indexOf(best), 1);
      return { kind: 'place', place: best };
    }
    if (this.#waiting.length >= this.#waitingMax) return { kind: 'full' };
    return await new Promise((resolve) => {
      const waiting = {
        take: (place: T) => {
          signal.removeEventListener('abort', leave);
          resolve({ kind: 'place', place });
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve({ kind: 'left' });
      };
      this.#waiting.push(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  giveBack(place: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(place);
    else next.take(place);
  }
}
