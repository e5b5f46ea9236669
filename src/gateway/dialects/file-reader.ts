import type { AnswerSummary, Frame, StreamReader } from '../dialect.ts';

/** So much of a file waits for the record: without it the client sees no end. Bytes. */
const HELD_BYTES = 1;
/** The beginning of a JSON object, or what may become one. */
const OBJECT_BEGINS = /^[ \t\r\n]*(?:$|\{[ \t\r\n]*(?:$|"\w*(?:$|"[ \t\r\n]*(?:$|:))))/;
/** No upstream says so much about its errors, and no file is read any longer than this for one. Bytes. */
const ERROR_BYTES_MAX = 65_536;

/** Passes a file on as it comes, but for its last byte. A file that is a JSON object is an upstream's error, and gives nothing. */
export function fileReader(summary: AnswerSummary): StreamReader {
  let held: Uint8Array | null = null;
  let gathered: Uint8Array | null = new Uint8Array();
  return {
    feed(chunk) {
      if (chunk.length === 0) return [];
      let bytes = chunk;
      if (gathered !== null) {
        bytes = gathered.length === 0 ? chunk : Buffer.concat([gathered, chunk]);
        gathered = mayBeError(bytes) ? bytes : null;
        if (gathered !== null) return [];
      }
      const frames: Frame[] = [];
      if (held !== null) frames.push({ kind: 'part', bytes: held });
      const end = bytes.length - HELD_BYTES;
      held = bytes.subarray(end);
      // Shows that the answer has begun, also where all of it is held.
      frames.push(end > 0 ? { kind: 'part', bytes: bytes.subarray(0, end) } : { kind: 'withheld', bytes: held });
      return frames;
    },
    finish: () => (held === null ? null : [{ kind: 'final', bytes: held }]),
    summary: () => summary,
  };
}

function mayBeError(bytes: Uint8Array): boolean {
  if (bytes.length > ERROR_BYTES_MAX) return false;
  return OBJECT_BEGINS.test(Buffer.from(bytes.subarray(0, 128)).toString('latin1'));
}
