import { endOfString, JSON_ENTRIES_MAX, JSON_KEYS_MAX } from '../kit/index.ts';

/** Keys and entries of what stands around a request in a line. */
const AROUND = 10;

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
    if (keys > JSON_KEYS_MAX + AROUND || entries > JSON_ENTRIES_MAX + AROUND) return true;
  }
  return false;
}
