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
  /** Of the prompt and of the answer apart; 0 when absent. */
  readonly tokensIn?: number;
  readonly tokensOut?: number;
  /** Millionths of a watt-hour; 0 when absent. */
  readonly energyMicroWh?: number;
  readonly isStream?: boolean;
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
  /** `owner`: whose limit it was, as given. */
  | {
      readonly kind: 'over-rate';
      readonly limit: string;
      readonly owner: string;
      readonly retryAfterMs: number;
      readonly rate: RateLimitState;
    }
  | { readonly kind: 'over-budget'; readonly limit: string; readonly owner: string; readonly rate: RateLimitState };

/** A reservation in hand. Exactly one of `settle` and `release` is called, once; `spend` before it, any number of times. */
export interface Hold {
  /** The holdings that must be durable with the intent. Windows of a minute are not among them: they expire by themselves. */
  readonly holdings: readonly Holding[];
  /**
   * One attempt of several has ended: what it used is charged, the rest stays in hand for the next. Says what must be durable
   * with that attempt's outcome, for the next may never be made. A request counts once, with its first attempt that used any.
   */
  spend(used: Estimate): readonly Holding[];
  /** Turns what is left of the hold into what was really used, and says what must be durable with the outcome. */
  settle(used: Estimate): readonly Holding[];
  /** Nothing was used: the whole hold is free again. */
  release(): void;
}

export interface Quota {
  /** Waits only when a lease must be taken or topped up. */
  reserve(owners: readonly AccountOwner[], estimate: Estimate): Promise<Reservation> | Reservation;
}

/** What a worker asks of one account in PostgreSQL. Amounts in the account's unit. */
export interface SliceRequest {
  /** The worker's own name for its lease on this account; the row is made when it is new. */
  readonly leaseId: string;
  readonly owner: string;
  readonly kind: keyof Limits;
  /** Wall milliseconds; 0 where there is no window. */
  readonly windowStartMs: number;
  readonly limit: number;
  /** The part of the slice that is not offered back. */
  readonly keep: number;
  /** The part of the slice that is in use. */
  readonly busy: number;
  /** The least that helps anybody who waits, and what all who wait need together. */
  readonly need: number;
  readonly want: number;
  /** Whether a share of the rest is welcome, so that the next requests need not ask. */
  readonly slice: boolean;
}

export interface SliceAnswer {
  readonly leaseId: string;
  /** What may be used beyond `keep`. 0 or at least `need`. */
  readonly room: number;
  /** What is used up by others and by what has ended, as far as is known. */
  readonly elsewhere: number;
  /** What other workers hold and may not be using. */
  readonly reclaimable: number;
  /** The lease was ended from outside, because this worker was taken for dead. */
  readonly ended: boolean;
}

/** `want`: somebody waits for a slice, give back what is not in use. `free`: something was given back. `gap`: both may have been missed. */
export type SliceNotice = { readonly kind: 'want' | 'free'; readonly account: string } | { readonly kind: 'gap' };

/** Slices of one worker, in PostgreSQL. */
export interface SliceSource {
  /** One transaction; `requests` in any order. Answers in any order. */
  lease(requests: readonly SliceRequest[]): Promise<SliceAnswer[]>;
  /** Ends leases that are no longer needed: what they spent is settled, the rest is free. */
  end(leaseIds: readonly string[]): Promise<void>;
  /** Ids of this worker's leases that were ended from outside. */
  listEnded(): Promise<string[]>;
  subscribe(listener: (notice: SliceNotice) => void): void;
}
