import { endOfString } from '../kit/index.ts';

/** What a request may have, and a few for what stands around it in a line. */
const KEYS_MAX = 100_010;
const ENTRIES_MAX = 500_010;

const [QUOTE, COMMA, COLON] = [34, 44, 58];
const [OPEN_ARRAY, OPEN_OBJECT] = [91, 123];

/** Whether building this JSON would hold everybody up for seconds, seen without building any of it. */
export function isTooLarge(line: Buffer): boolean {
  let keys = 0;
  let entries = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (byte === QUOTE) {
      at = endOfString(line, at);
      if (at < 0) return false;
    } else if (byte === COLON) keys++;
    else if (byte === COMMA || byte === OPEN_ARRAY || byte === OPEN_OBJECT) entries++;
    if (keys > KEYS_MAX || entries > ENTRIES_MAX) return true;
  }
  return false;
}
