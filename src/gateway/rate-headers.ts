import type { RateLimitState } from '../programmes/ports.ts';

/** OpenAI's `x-ratelimit-*` headers; what has no limit is left out. https://platform.openai.com/docs/guides/rate-limits (2026-11) */
export function rateHeaders(rate: RateLimitState): Record<string, string> {
  const headers: Record<string, string> = {};
  if (rate.limitRequests !== undefined) {
    headers['x-ratelimit-limit-requests'] = String(rate.limitRequests);
    headers['x-ratelimit-remaining-requests'] = String(rate.remainingRequests ?? 0);
    headers['x-ratelimit-reset-requests'] = `${Math.ceil((rate.resetRequestsMs ?? 0) / 1000)}s`;
  }
  if (rate.limitTokens !== undefined) {
    headers['x-ratelimit-limit-tokens'] = String(rate.limitTokens);
    headers['x-ratelimit-remaining-tokens'] = String(rate.remainingTokens ?? 0);
    headers['x-ratelimit-reset-tokens'] = `${Math.ceil((rate.resetTokensMs ?? 0) / 1000)}s`;
  }
  return headers;
}
