import { sha256Hex } from './digest.ts';

/** Content that no log may carry: however it is printed, it shows as a length and a digest. */
export class Sensitive<Content = string> {
  readonly #content: Content;

  constructor(content: Content) {
    this.#content = content;
  }

  /** The content itself. Only the path's steps call this. */
  reveal(): Content {
    return this.#content;
  }

  toString(): string {
    const text = typeof this.#content === 'string' ? this.#content : JSON.stringify(this.#content);
    return `[${text.length} characters, sha256 ${sha256Hex(text).slice(0, 12)}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
