import { endOfString } from '../kit/index.ts';

/** What a request may have, and a few for what stands around it in a line. */
const KEYS_MAX = 100_010;
const ENTRIES_MAX = 500_010;
/** Deeper than any bound of a charter that somebody means; what is nested deeper than that bound fails alone. */
const DEPTH_MAX = 1_000;

const [QUOTE, COMMA, COLON] = [34, 44, 58];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** Whether building this JSON would hold everybody up for seconds, seen without building any of it. */
export function isTooLarge(line: Buffer): boolean {
  let keys = 0;
  let entries = 0;
  let depth = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (byte === QUOTE) {
      at = endOfString(line, at);
      if (at < 0) return false;
    } else if (byte === COLON) keys++;
    else if (byte === COMMA) entries++;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      entries++;
      depth++;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    if (keys > KEYS_MAX || entries > ENTRIES_MAX || depth > DEPTH_MAX) return true;
  }
  return false;
}
