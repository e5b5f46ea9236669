/** A character that is not whole yet shows as this one. */
const REPLACEMENT = '\ufffd';
/** A character has at most four bytes, and a token at least one: what is longer will never be whole. */
const HELD_TOKENS_MAX = 4;

/** Turns tokens into text. The last tokens before them decide about a space in front. */
export type Detokenize<T> = (tokens: readonly T[], before: readonly T[]) => string;

/**
 * The text of an answer as it grows: characters are never split, and a stop string is never shown, not even its
 * beginning. `push` gives what may be shown now.
 */
export class TextFlow<T> {
  readonly #detokenize: Detokenize<T>;
  readonly #stops: readonly string[];
  #before: readonly T[] = [];
  #partial: T[] = [];
  #held = '';
  #stopped = false;

  constructor(detokenize: Detokenize<T>, stops: readonly string[]) {
    this.#detokenize = detokenize;
    this.#stops = stops;
  }

  /** A stop string has come: the answer ends before it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  push(token: T): string {
    this.#partial.push(token);
    const text = this.#detokenize(this.#partial, this.#before);
    if (text.endsWith(REPLACEMENT) && this.#partial.length < HELD_TOKENS_MAX) return '';
    this.#settle();
    return this.#show(text);
  }

  /** What is left when the model has ended. */
  end(): string {
    const rest = this.#partial.length === 0 ? '' : this.#detokenize(this.#partial, this.#before);
    this.#settle();
    const shown = this.#show(rest);
    const held = this.#held;
    this.#held = '';
    return this.#stopped ? shown : shown + held;
  }

  #settle(): void {
    this.#before = this.#partial;
    this.#partial = [];
  }

  #show(text: string): string {
    if (this.#stopped) return '';
    this.#held += text;
    const at = Math.min(
      ...this.#stops
        .map((stop) => this.#held.indexOf(stop))
        .map((place) => (place < 0 ? Number.POSITIVE_INFINITY : place)),
    );
    this.#stopped = at !== Number.POSITIVE_INFINITY;
    const until = this.#stopped ? at : this.#held.length - this.#openLength();
    const shown = this.#held.slice(0, until);
    this.#held = this.#held.slice(until);
    return shown;
  }

  /** How much of the end may be the beginning of a stop string. */
  #openLength(): number {
    let open = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, this.#held.length); length > open; length--) {
        if (this.#held.endsWith(stop.slice(0, length))) open = length;
      }
    }
    return open;
  }
}
