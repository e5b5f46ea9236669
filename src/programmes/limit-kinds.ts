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

type Rule = readonly [kind: LimitKind, window: LimitRule['window']];

/** In the order in which a refusal is chosen: there is no use in waiting a minute when the month is used up. */
const lasting: readonly Rule[] = [
  ['moneyPerMonth', 'month'],
  ['energyWhPerMonth', 'month'],
  ['moneyPerDay', 'day'],
  ['energyWhPerDay', 'day'],
  ['tokensPerDay', 'day'],
  ['tokensInPerDay', 'day'],
  ['tokensOutPerDay', 'day'],
  ['requestsPerDay', 'day'],
];
const passing: readonly Rule[] = [
  ['tokensPerMinute', 'minute'],
  ['tokensInPerMinute', 'minute'],
  ['tokensOutPerMinute', 'minute'],
  ['requestsPerMinute', 'minute'],
  ['concurrent', 'none'],
  ['concurrentStreams', 'none'],
];

export const limitRules: readonly LimitRule[] = [
  ...lasting.map(([kind, window]): LimitRule => ({ kind, window, durable: true, refusal: 'over-budget' })),
  ...passing.map(([kind, window]): LimitRule => ({ kind, window, durable: false, refusal: 'over-rate' })),
];

/** What a request takes from an account of each kind while it runs. */
const amounts: Readonly<Record<LimitKind, (estimate: Estimate) => number>> = {
  moneyPerMonth: ({ moneyMicros }) => moneyMicros,
  moneyPerDay: ({ moneyMicros }) => moneyMicros,
  energyWhPerMonth: ({ energyMicroWh = 0 }) => energyMicroWh,
  energyWhPerDay: ({ energyMicroWh = 0 }) => energyMicroWh,
  tokensPerDay: ({ tokens }) => tokens,
  tokensPerMinute: ({ tokens }) => tokens,
  tokensInPerDay: ({ tokensIn = 0 }) => tokensIn,
  tokensInPerMinute: ({ tokensIn = 0 }) => tokensIn,
  tokensOutPerDay: ({ tokensOut = 0 }) => tokensOut,
  tokensOutPerMinute: ({ tokensOut = 0 }) => tokensOut,
  requestsPerDay: () => 1,
  requestsPerMinute: () => 1,
  concurrent: () => 1,
  concurrentStreams: ({ isStream = false }) => (isStream ? 1 : 0),
};

export function amountOf(kind: LimitKind, estimate: Estimate): number {
  return amounts[kind](estimate);
}

/** One for each request, however often it is tried. */
export function countsRequests(kind: LimitKind): boolean {
  return kind === 'requestsPerDay' || kind === 'requestsPerMinute';
}

/** What stays taken once it has ended: a place among the concurrent ones is given back. */
export function spentOf(kind: LimitKind, used: Estimate): number {
  return kind === 'concurrent' || kind === 'concurrentStreams' ? 0 : amountOf(kind, used);
}

/** Limits that are written in a unit, and accounts that count millionths of it. */
const MILLIONTHS: readonly LimitKind[] = ['moneyPerMonth', 'moneyPerDay', 'energyWhPerMonth', 'energyWhPerDay'];

/** The limit in the account's unit, or undefined for no limit. */
export function limitOf(kind: LimitKind, limits: Limits): number | undefined {
  const limit = limits[kind];
  return MILLIONTHS.includes(kind) && limit !== undefined ? Math.round(limit * 1e6) : limit;
}

/** Accounts count whole units; a fraction of one is charged as one. */
export function wholeEstimate(estimate: Estimate): Estimate {
  const { tokens, moneyMicros, energyMicroWh = 0 } = estimate;
  if (!(tokens >= 0 && moneyMicros >= 0 && energyMicroWh >= 0))
    throw new RangeError(`not an amount: ${tokens} tokens, ${moneyMicros} micros, ${energyMicroWh} µWh`);
  if ([tokens, moneyMicros, energyMicroWh].every(Number.isSafeInteger)) return estimate;
  const whole = (amount: number) => Math.min(Math.ceil(amount), Number.MAX_SAFE_INTEGER);
  return { ...estimate, tokens: whole(tokens), moneyMicros: whole(moneyMicros), energyMicroWh: whole(energyMicroWh) };
}
