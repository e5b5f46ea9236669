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

/** The last reset of a budget that is used up. platform.claude.com, “Rate limits”, response headers (2026-11). */
function readResets(headers: Headers): number | undefined {
  const waits = Object.keys(headers).flatMap((name) => {
    const [, budget] = /^(anthropic-ratelimit-.+)-reset$/.exec(name) ?? [];
    if (budget === undefined || headers[`${budget}-remaining`] !== '0') return [];
    return readMoment(headers[name]) ?? [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}
