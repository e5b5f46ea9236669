type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How long to wait, milliseconds: `retry-after` (RFC 9110 section 10.2.3), its form in milliseconds, or Anthropic's resets. */
export function readRetryAfter(headers: Headers): number | undefined {
  const precise = headers['retry-after-ms'];
  if (typeof precise === 'string' && /^\d{1,11}(\.\d+)?$/.test(precise)) return Math.ceil(Number(precise));
  return readMoment(headers['retry-after']) ?? readResets(headers);
}

/** Seconds or a date. */
function readMoment(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,8}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
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
    const wait = readMoment(headers[name]);
    if (wait !== undefined) longest = Math.max(longest ?? 0, wait);
  }
  return longest;
}
