/** Quotas: reserve, settle, expire. The path asks in-process counters; those are fed by leases from PostgreSQL. */
import type { Limits } from '../charter/schema.ts';

/** A part of an account that a request holds. `leaseId` names the durable lease; units are the account's. */
export interface Holding {
  readonly leaseId: string;
  readonly amount: number;
}

/** What one request may use at most. */
export interface Estimate {
  /** Prompt and answer together. */
  readonly tokens: number;
  /** In millionths of the charter's currency. */
  readonly moneyMicros: number;
}

/** Whose limits count: each of them must have room. */
export interface AccountOwner {
  /** Such as `tenant:ministry` or `key:2f9c`. */
  readonly id: string;
  readonly limits: Limits;
}

/** OpenAI's `x-ratelimit-*`: the tightest of the owners. */
export interface RateLimitState {
  readonly limitRequests?: number;
  readonly remainingRequests?: number;
  readonly resetRequestsMs?: number;
  readonly limitTokens?: number;
  readonly remainingTokens?: number;
  readonly resetTokensMs?: number;
}

export type Reservation =
  | { readonly kind: 'reserved'; readonly hold: Hold; readonly rate: RateLimitState }
  | { readonly kind: 'over-rate'; readonly limit: string; readonly retryAfterMs: number; readonly rate: RateLimitState }
  | { readonly kind: 'over-budget'; readonly limit: string; readonly rate: RateLimitState };

/** A reservation in hand. Exactly one of `settle` and `release` is called, once. */
export interface Hold {
  /** The holdings that must be durable with the intent. Windows of a minute are not among them: they expire by themselves. */
  readonly holdings: readonly Holding[];
  /** Turns the hold into what was really used, and says what must be durable with the outcome. */
  settle(used: Estimate): readonly Holding[];
  /** Nothing was used: the whole hold is free again. */
  release(): void;
}

export interface Quota {
  /** Waits only when a lease must be taken or topped up. */
  reserve(owners: readonly AccountOwner[], estimate: Estimate): Promise<Reservation> | Reservation;
}
