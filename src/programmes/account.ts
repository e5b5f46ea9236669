import type { LimitRule } from './limit-kinds.ts';
import type { SliceAnswer, SliceRequest } from './ports.ts';
import type { Span } from './window-clock.ts';

export interface AccountIdentity {
  readonly owner: string;
  readonly rule: LimitRule;
  readonly span: Span;
}

/** How PostgreSQL's notices name an account. The owner is last, for it may hold any character. */
export function accountName(identity: AccountIdentity): string {
  return `${identity.rule.kind}|${identity.span.startMs}|${identity.owner}`;
}

/** This worker's part of one owner's limit in one window: a slice, and what is done with it. */
export class Account {
  readonly owner: string;
  readonly rule: LimitRule;
  readonly span: Span;
  readonly name: string;
  readonly leaseId: string;
  limit: number;
  /** What PostgreSQL has granted to this worker, what was used up of it, and what running requests hold. */
  granted = 0;
  used = 0;
  held = 0;
  /** Used up by others, as of the last answer. */
  elsewhere = 0;
  /** What other workers may not be using, as of the last answer. */
  reclaimable = 0;
  /** False until PostgreSQL has answered once; again after the limit has changed. */
  opened = false;
  /** Below this a share of the rest is asked for in the background. */
  lowWater = -1;
  /** Until then (monotonic) amounts from `refuseFrom` on are refused without asking. */
  refuseFrom = 0;
  refuseUntilMs = 0;
  /** Until then (monotonic) another worker waits for what this one does not use. */
  contestedUntilMs = 0;
  returning = false;
  lastUsedMs: number;
  readonly waiting = new Set<{ readonly amount: number }>();
  #change: PromiseWithResolvers<void> | null = null;

  constructor(identity: AccountIdentity, lease: { id: string; limit: number; nowMs: number }) {
    this.owner = identity.owner;
    this.rule = identity.rule;
    this.span = identity.span;
    this.name = accountName(identity);
    this.leaseId = lease.id;
    this.limit = lease.limit;
    this.lastUsedMs = lease.nowMs;
  }

  get room(): number {
    return this.granted - this.used - this.held;
  }

  fits(amount: number): boolean {
    return this.opened && this.granted - this.used - this.held >= amount;
  }

  /** What to ask. Whatever is offered back is frozen first, so that no request takes it while the answer is on its way. */
  request(): SliceRequest {
    const busy = this.used + this.held;
    const waits = this.waiting.size > 0;
    const offers = waits || this.returning;
    if (offers) this.granted = busy;
    this.returning = false;
    let [need, want] = [waits ? Number.POSITIVE_INFINITY : 0, 0];
    for (const { amount } of this.waiting) {
      need = Math.min(need, amount);
      want += amount;
    }
    const { leaseId, owner, limit } = this;
    const keep = Math.max(this.granted, busy);
    return {
      ...{ leaseId, owner, kind: this.rule.kind, windowStartMs: this.span.startMs, limit },
      ...{ keep, busy, need, want: Math.min(want, Number.MAX_SAFE_INTEGER), slice: waits || !offers },
    };
  }

  /** `refuseUntilMs`: how long a refusal holds that nobody could change by giving back. */
  apply(answer: SliceAnswer, asked: SliceRequest, refuseUntilMs: number): void {
    this.granted = asked.keep + answer.room;
    this.elsewhere = answer.elsewhere;
    this.reclaimable = answer.reclaimable;
    this.opened = true;
    this.lowWater = answer.room > asked.want ? Math.floor((answer.room - asked.want) / 4) : -1;
    if (asked.need > answer.room && answer.reclaimable === 0) this.refuse(asked.need, refuseUntilMs);
  }

  refuse(amount: number, untilMs: number): void {
    this.refuseFrom = amount;
    this.refuseUntilMs = untilMs;
  }

  refuses(amount: number, nowMs: number): boolean {
    return amount > this.limit || (amount >= this.refuseFrom && nowMs < this.refuseUntilMs);
  }

  /** Resolves when something was given back, here or elsewhere. */
  nextChange(): Promise<void> {
    this.#change ??= Promise.withResolvers<void>();
    return this.#change.promise;
  }

  /** Something was given back: whoever waits looks again, and refusals are asked anew. */
  changed(): void {
    this.refuseUntilMs = 0;
    this.#change?.resolve();
    this.#change = null;
  }
}
