/** What can be put into a bag: it remembers where it lies. */
export interface Bagged {
  /** -1 while it is in none. */
  place: number;
}

/**
 * Things that come and go all the time, in no order. A `Set` would do, but each table that it outgrows points to the next one and
 * to what it held: one of them that has grown old keeps all that come after it alive until a full collection (V8, 2026-11).
 */
export class Bag<Item extends Bagged> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    item.place = this.#items.push(item) - 1;
  }

  /** Harmless for what is not in it. */
  delete(item: Item): void {
    if (this.#items[item.place] !== item) return;
    const last = this.#items.pop() as Item;
    if (last !== item) {
      this.#items[item.place] = last;
      last.place = item.place;
    }
    item.place = -1;
  }

  /** As it is now: what comes or goes meanwhile changes nothing. */
  list(): readonly Item[] {
    return [...this.#items];
  }
}
