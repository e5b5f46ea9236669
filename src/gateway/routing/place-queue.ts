import type { Timers } from '../../kit/index.ts';

/** Who goes first when a backend is full. */
export const ranks = ['emergency', 'interactive', 'batch'] as const;
export type Rank = (typeof ranks)[number];

/** How long a request of each rank waits for a place, milliseconds. */
const PATIENCE_MS: Readonly<Record<Rank, number>> = { emergency: 60_000, interactive: 15_000, batch: 600_000 };
/** Who waits behind so many others is better told at once. */
const WAITING_MAX = 1_000;

export interface Waiting {
  readonly rank: Rank;
  /** Aborted when nobody waits for the answer any more. Asked for only when there is no place. */
  leaving(): AbortSignal;
}

interface Waiter {
  admit(isIn: boolean): void;
}

/** Places at one backend, and who waits for one: by rank, and within a rank in the order of coming. */
export class PlaceQueue {
  concurrent: number;
  readonly #lines: Readonly<Record<Rank, Set<Waiter>>> = {
    emergency: new Set(),
    interactive: new Set(),
    batch: new Set(),
  };
  readonly #timers: Timers;
  #running = 0;

  constructor(concurrent: number, timers: Timers) {
    this.concurrent = concurrent;
    this.#timers = timers;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return ranks.reduce((sum, rank) => sum + this.#lines[rank].size, 0);
  }

  get isFull(): boolean {
    return this.#running >= this.concurrent;
  }

  /** True with a place, false when none came in time. Without waiting where one is free. */
  enter(waiting: Waiting): boolean | Promise<boolean> {
    if (!this.isFull) {
      this.#running++;
      return true;
    }
    return this.waiting < WAITING_MAX && this.#wait(waiting);
  }

  leave(): void {
    this.#running--;
    this.#admitNext();
  }

  /** The bound has changed. */
  resize(concurrent: number): void {
    this.concurrent = concurrent;
    this.#admitNext();
  }

  #admitNext(): void {
    for (const rank of ranks) {
      for (const waiter of this.#lines[rank]) {
        if (this.isFull) return;
        this.#running++;
        waiter.admit(true);
      }
    }
  }

  #wait({ rank, leaving }: Waiting): Promise<boolean> {
    const line = this.#lines[rank];
    const signal = leaving();
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = () => waiter.admit(false);
      const timer = this.#timers.after(PATIENCE_MS[rank], giveUp);
      const waiter: Waiter = {
        admit(isIn) {
          timer.cancel();
          signal.removeEventListener('abort', giveUp);
          line.delete(waiter);
          resolve(isIn);
        },
      };
      signal.addEventListener('abort', giveUp);
      line.add(waiter);
    });
  }
}
