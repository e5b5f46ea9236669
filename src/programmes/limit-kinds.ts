import type { Limits } from '../charter/schema.ts';
import type { Estimate } from './ports.ts';

export type LimitKind = keyof Limits;

export interface LimitRule {
  readonly kind: LimitKind;
  readonly window: 'minute' | 'day' | 'month' | 'none';
  /** Whether the spent amount must become durable with the outcome. */
  readonly durable: boolean;
  /** What the caller is told: wait and try again, or the money is gone. */
  readonly refusal: 'over-rate' | 'over-budget';
}

/** In the order in which a refusal is chosen: there is no use in waiting a minute when the month is used up. */
export const limitRules: readonly LimitRule[] = [
  { kind: 'moneyPerMonth', window: 'month', durable: true, refusal: 'over-budget' },
  { kind: 'tokensPerDay', window: 'day', durable: true, refusal: 'over-budget' },
  { kind: 'tokensPerMinute', window: 'minute', durable: false, refusal: 'over-rate' },
  { kind: 'requestsPerMinute', window: 'minute', durable: false, refusal: 'over-rate' },
  { kind: 'concurrent', window: 'none', durable: false, refusal: 'over-rate' },
];

/** What a request takes from an account of this kind while it runs. */
export function amountOf(kind: LimitKind, estimate: Estimate): number {
  if (kind === 'moneyPerMonth') return estimate.moneyMicros;
  return kind === 'tokensPerDay' || kind === 'tokensPerMinute' ? estimate.tokens : 1;
}

/** What stays taken once it has ended: a place among the concurrent ones is given back. */
export function spentOf(kind: LimitKind, used: Estimate): number {
  return kind === 'concurrent' ? 0 : amountOf(kind, used);
}

/** The limit in the account's unit, or undefined for no limit. */
export function limitOf(kind: LimitKind, limits: Limits): number | undefined {
  const limit = limits[kind];
  return kind === 'moneyPerMonth' && limit !== undefined ? Math.round(limit * 1e6) : limit;
}

/** Accounts count whole units; a fraction of one is charged as one. */
export function wholeEstimate(estimate: Estimate): Estimate {
  const { tokens, moneyMicros } = estimate;
  if (!(tokens >= 0 && moneyMicros >= 0))
    throw new RangeError(`not an amount: ${tokens} tokens, ${moneyMicros} micros`);
  if (Number.isSafeInteger(tokens) && Number.isSafeInteger(moneyMicros)) return estimate;
  const whole = (amount: number) => Math.min(Math.ceil(amount), Number.MAX_SAFE_INTEGER);
  return { tokens: whole(tokens), moneyMicros: whole(moneyMicros) };
}
