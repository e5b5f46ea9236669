import type { AnswerSummary, Frame, StreamReader } from '../dialect.ts';

/** So much of a file waits for the record: without it the client sees no end. Bytes. */
const HELD_BYTES = 1;

/** Passes a file on as it comes, but for its last byte. */
export function fileReader(summary: AnswerSummary): StreamReader {
  let held: Uint8Array | null = null;
  return {
    feed(chunk) {
      if (chunk.length === 0) return [];
      const frames: Frame[] = [];
      if (held !== null) frames.push({ kind: 'part', bytes: held });
      const end = chunk.length - HELD_BYTES;
      held = chunk.subarray(end);
      // Shows that the answer has begun, also where all of it is held.
      frames.push(end > 0 ? { kind: 'part', bytes: chunk.subarray(0, end) } : { kind: 'withheld', bytes: held });
      return frames;
    },
    finish: () => (held === null ? null : [{ kind: 'final', bytes: held }]),
    summary: () => summary,
  };
}
