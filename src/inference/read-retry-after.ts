type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Nobody is told to stay away any longer: who needs to know will ask again. Milliseconds. */
const LONGEST_MS = 86_400_000;

/**
 * How long to wait, milliseconds: the longest of `retry-after` (RFC 9110 section 10.2.3) and its form in milliseconds, else
 * Anthropic's resets. A wait that is read too short makes clients insist.
 */
export function readRetryAfter(headers: Headers): number | undefined {
  const waitMs = readWaits(headers) ?? readResets(headers);
  return waitMs === undefined ? undefined : Math.min(Math.ceil(waitMs), LONGEST_MS);
}

/** Nearly every answer has neither, and each is asked. */
function readWaits({ 'retry-after-ms': precise, 'retry-after': usual }: Headers): number | undefined {
  if (precise === undefined && usual === undefined) return undefined;
  const read = [
    ...[precise].flat().map((value) => readNumber(value)),
    ...[usual].flat().map((value) => readMoment(value)),
  ];
  const waits = read.filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** The number that a value begins with. */
function readNumber(value: string | undefined): number | undefined {
  const [, number] = /^\s*\+?(\d+(?:\.\d+)?)(?![-\w.])/.exec(value ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Seconds or a date. */
function readMoment(value: string | undefined): number | undefined {
  const seconds = readNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  // A number that is no wait is no date either, though Date takes it for one.
  const at = /[a-z]/i.test(value ?? '') ? Date.parse(value ?? '') : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

const BUDGET = 'anthropic-ratelimit-';
const RESET = '-reset';

/** The last reset of a budget that is used up. platform.claude.com, “Rate limits”, response headers (2026-11). */
function readResets(headers: Headers): number | undefined {
  let longest: number | undefined;
  for (const name in headers) {
    if (!name.startsWith(BUDGET) || !name.endsWith(RESET)) continue;
    if (headers[`${name.slice(0, -RESET.length)}-remaining`] !== '0') continue;
    const wait = readMoment(String(headers[name]));
    if (wait !== undefined) longest = Math.max(longest ?? 0, wait);
  }
  return longest;
}
