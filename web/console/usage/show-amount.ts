import type { Measured } from '../../../src/kit/browser.ts';

export interface AmountWords {
  /** With its unit. */
  amount(value: number): string;
  atLeast(amount: string): string;
  readonly unknown: string;
}

/** What nobody knows is told as unknown, and a sum that lacks a part as the least that it can be. */
export function showAmount({ value, isWhole }: Measured, { amount, atLeast, unknown }: AmountWords): string {
  if (value === null) return unknown;
  return isWhole ? amount(value) : atLeast(amount(value));
}
