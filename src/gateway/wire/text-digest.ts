import { createHash, type Hash } from 'node:crypto';
import { Problem, sha256Hex } from '../../kit/index.ts';

/** Gathered before they are hashed: most answers are shorter and hashed in one go. Characters. */
const PIECE = 16_384;
/** Longer than this is no answer of a language model: whoever sends it does not end. Characters. */
const TEXT_MAX = 8_000_000;

/** `length`: characters of an answer so far. @throws Problem `upstream-failed` when it is none that ends */
export function mustEnd(length: number): void {
  if (length > TEXT_MAX) throw new Problem('upstream-failed', 'the answer of the model does not end');
}

/** The digest of a text that comes in deltas. It keeps a piece of it, not the whole. */
export class TextDigest {
  #pending = '';
  #hash: Hash | null = null;
  #length = 0;

  /** @throws Problem `upstream-failed` when the text does not end */
  add(delta: string): void {
    this.#pending += delta;
    this.#length += delta.length;
    mustEnd(this.#length);
    if (this.#pending.length < PIECE) return;
    // The half of a character waits for its other half.
    const isHalf = isHighSurrogate(this.#pending.charCodeAt(this.#pending.length - 1));
    const end = this.#pending.length - (isHalf ? 1 : 0);
    this.#hash ??= createHash('sha256');
    this.#hash.update(this.#pending.slice(0, end));
    this.#pending = this.#pending.slice(end);
  }

  /** SHA-256 of the UTF-8 of everything so far, hexadecimal. */
  hex(): string {
    if (this.#hash === null) return sha256Hex(this.#pending);
    return this.#hash.copy().update(this.#pending).digest('hex');
  }
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
