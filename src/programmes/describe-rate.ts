import type { Account } from './account.ts';
import type { RateLimitState } from './ports.ts';

/** What is left this minute in the tightest account of each kind, as far as this worker knows. */
export function describeRate(accounts: readonly Account[], nowMs: number): RateLimitState {
  const requests = tightest(accounts, 'requestsPerMinute');
  const tokens = tightest(accounts, 'tokensPerMinute');
  const resetMs = (account: Account) => Math.max(0, account.span.endMs - nowMs);
  if (requests === null && tokens === null) return {};
  const rate: { -readonly [K in keyof RateLimitState]: RateLimitState[K] } = {};
  if (requests !== null) {
    rate.limitRequests = requests.limit;
    rate.remainingRequests = remaining(requests);
    rate.resetRequestsMs = resetMs(requests);
  }
  if (tokens !== null) {
    rate.limitTokens = tokens.limit;
    rate.remainingTokens = remaining(tokens);
    rate.resetTokensMs = resetMs(tokens);
  }
  return rate;
}

function remaining(account: Account): number {
  return Math.max(0, account.limit - account.elsewhere - account.used - account.held);
}

function tightest(accounts: readonly Account[], kind: Account['rule']['kind']): Account | null {
  let found: Account | null = null;
  for (const account of accounts) {
    if (account.rule.kind === kind && (found === null || remaining(account) < remaining(found))) found = account;
  }
  return found;
}
