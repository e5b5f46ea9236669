/** So many pieces may be as small as they like. */
const PIECES_FREE = 10_000;
/** What the others have on the average at least. Bytes. */
const PIECE_BYTES_LEAST = 64;

/**
 * Whether a body comes in crumbs: each piece costs a turn of its own and a hundred bytes of memory, so that chunks of one byte held up
 * a gateway for minutes, and made gigabytes of it.
 */
export function isCrumbled(pieces: number, bytes: number): boolean {
  return pieces > PIECES_FREE && bytes < pieces * PIECE_BYTES_LEAST;
}

/** What is said of it, wherever it comes. */
export const CRUMBLED = 'the body comes in too many small chunks; write it in larger ones, or with a `content-length`';
