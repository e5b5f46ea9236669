import { endOfString } from '../../kit/index.ts';

/** Objects whose keys are somebody's own names, such as the parameters of a tool: case may tell them apart. */
const FREE_KEYS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'metadata',
  'logit_bias',
  'input',
  'arguments',
  'example',
  'examples',
  'default',
  'const',
  'enum',
  'chat_template_kwargs',
]);
/** Anything else may fold to another key: capitals, and letters such as ſ or the Kelvin sign that fold to ASCII. */
const PLAIN_KEY = /^[a-z0-9_$.-]*$/;

/**
 * A key that an object has twice, or twice but for its case; null when there is none. JSON.parse keeps the last of two
 * in silence, so keys are counted in the text and in what was built: only when the counts differ is the text read again.
 */
export function findTwin(value: unknown, text: { bytes: Buffer; colons: number }): string | null {
  const tally = { keys: 0, twin: null as string | null };
  countKeys(value, false, tally);
  if (tally.twin !== null) return tally.twin;
  return tally.keys === text.colons ? null : findDuplicate(text.bytes);
}

function countKeys(value: unknown, isFree: boolean, tally: { keys: number; twin: string | null }): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) countKeys(item, isFree, tally);
    return;
  }
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields);
  tally.keys += keys.length;
  let isPlain = true;
  for (const key of keys) {
    isPlain &&= PLAIN_KEY.test(key);
    countKeys(fields[key], FREE_KEYS.has(key), tally);
  }
  if (!isPlain && !isFree) tally.twin ??= caseVariant(keys);
}

/** Of two that fold alike the one that is not plain, for it is the mistake. */
function caseVariant(keys: readonly string[]): string | null {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const folded = fold(key);
    const other = seen.get(folded);
    if (other !== undefined) return PLAIN_KEY.test(key) ? other : key;
    seen.set(folded, key);
  }
  return null;
}

function fold(key: string): string {
  return key.toUpperCase().toLowerCase();
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_OBJECT = 123;

/** Reads the keys of well-formed JSON. Slow, and only run on a text that has a duplicate. */
function findDuplicate(bytes: Buffer): string | null {
  const open: (Set<string> | null)[] = [];
  let last: string | null = null;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      last = JSON.parse(bytes.toString('utf8', at, end + 1)) as string;
      at = end;
    } else if (byte === COLON && last !== null) {
      const seen = open.at(-1);
      if (seen?.has(last)) return last;
      seen?.add(last);
    } else if (byte === COMMA) last = null;
    else if (byte === OPEN_OBJECT) open.push(new Set());
    else if (byte === 91) open.push(null);
    else if (byte === 93 || byte === 125) open.pop();
  }
  return null;
}
