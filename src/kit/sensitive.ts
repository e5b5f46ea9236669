import { sha256Hex } from './digest.ts';

/** Content that no log may carry: however it is printed, it shows as a length and a digest. */
export class Sensitive {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The content itself. Only the path's steps call this. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return `[${this.#text.length} characters, sha256 ${sha256Hex(this.#text).slice(0, 12)}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
