import { type Clock, Problem } from '../kit/index.ts';
import type { Account } from './account.ts';
import { AccountBook } from './account-book.ts';
import { AccountHold } from './account-hold.ts';
import { describeRate } from './describe-rate.ts';
import { amountOf, wholeEstimate } from './limit-kinds.ts';
import type { AccountOwner, Estimate, Quota, Reservation, SliceNotice, SliceSource } from './ports.ts';
import { SliceExchange } from './slice-exchange.ts';
import { WindowClock } from './window-clock.ts';

export interface LeaseQuotaOptions {
  readonly source: SliceSource;
  readonly clock: Clock;
  /** Id of this process, new at every start: leases are named after it. */
  readonly worker: string;
  /** Resolves after so many milliseconds. */
  delay(ms: number): Promise<void>;
  /** How long a request waits for slices that other workers are asked to give back. */
  readonly waitMs?: number;
  /** How long a refusal holds before PostgreSQL is asked again. */
  readonly refuseForMs?: number;
}

const WAIT_MS = 200;
const REFUSE_FOR_MS = 250;
/** While a request waits, it looks again at least so often: a notice may get lost. */
const LOOK_EVERY_MS = 40;
/** How long one request for slices makes others give back what they free. Longer than anybody waits. */
const CONTESTED_MS = 1_000;
/** Slices that were not used for so long are given back. */
const IDLE_MS = 10_000;
/** A worker that could not confirm its leases for so long trusts none: it may have been taken for dead after 10 s. */
const TRUST_MS = 8_000;
const RETRY_CONCURRENT_MS = 1_000;
/** A database that does not answer for so long is as good as gone: the caller gets a 503 and not a hanging request. */
const ANSWER_WITHIN_MS = 1_000;

/** Limits and budgets: counters in this process, fed by slices that are leased from PostgreSQL. */
export class LeaseQuota implements Quota {
  readonly #options: LeaseQuotaOptions;
  readonly #windows: WindowClock;
  readonly #book: AccountBook;
  readonly #exchange: SliceExchange;
  #confirmedMs: number;
  #beating: Promise<boolean> | null = null;

  constructor(options: LeaseQuotaOptions) {
    this.#options = options;
    this.#windows = new WindowClock(options.clock);
    this.#book = new AccountBook(this.#windows, options.worker);
    this.#confirmedMs = options.clock.monotonicMs();
    this.#exchange = new SliceExchange({
      source: options.source,
      now: () => options.clock.monotonicMs(),
      refuseForMs: options.refuseForMs ?? REFUSE_FOR_MS,
      onEnded: (account) => this.#book.drop(account),
    });
    options.source.subscribe((notice) => this.#hear(notice));
  }

  /** How many accounts are in memory. */
  get size(): number {
    return this.#book.size;
  }

  reserve(owners: readonly AccountOwner[], estimate: Estimate): Promise<Reservation> | Reservation {
    const whole = wholeEstimate(estimate);
    const nowMs = this.#windows.now();
    const accounts = this.#collect(owners, nowMs);
    if (this.#options.clock.monotonicMs() - this.#confirmedMs > TRUST_MS) return this.#reserveAfterProof(owners, whole);
    for (const account of accounts) {
      if (!account.fits(amountOf(account.rule.kind, whole))) return this.#reserveByAsking(owners, whole);
    }
    return this.#take(accounts, whole, nowMs);
  }

  /**
   * Every second or two: confirms the leases, gives idle slices back, forgets what is over. False when PostgreSQL
   * does not answer; slices are trusted a while longer, then every request is refused until it does.
   */
  beat(): Promise<boolean> {
    this.#beating ??= this.#beat()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#beating = null;
      });
    return this.#beating;
  }

  async #beat(): Promise<void> {
    const { source, clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const ended = new Set(await source.listEnded());
    for (const account of this.#book.all()) if (ended.has(account.leaseId)) this.#book.drop(account);
    this.#confirmedMs = startedMs;
    const nowMs = this.#windows.now();
    const over = this.#book.prune(nowMs);
    if (over.length > 0) await source.end(over.map((account) => account.leaseId));
    const rounds: Promise<void>[] = [];
    for (const account of this.#book.all()) {
      if (account.room > 0 && account.lastUsedMs + IDLE_MS < nowMs) rounds.push(this.#giveBack(account));
    }
    await Promise.all(rounds);
  }

  /** Gives back every slice that is not in use. What is in use, or cannot be given back now, ends with the worker. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#book.all()].map((account) => this.#giveBack(account)));
    await this.#exchange.idle();
  }

  #collect(owners: readonly AccountOwner[], nowMs: number): readonly Account[] {
    if (owners.length === 1) return this.#book.accountsOf(owners[0] as AccountOwner, nowMs);
    const accounts: Account[] = [];
    for (const owner of owners) for (const account of this.#book.accountsOf(owner, nowMs)) accounts.push(account);
    return accounts;
  }

  #take(accounts: readonly Account[], estimate: Estimate, nowMs: number): Reservation {
    const amounts = accounts.map((account) => amountOf(account.rule.kind, estimate));
    const hold = new AccountHold(accounts, amounts, this.#onFreed);
    for (const account of accounts) {
      account.lastUsedMs = nowMs;
      if (account.room < account.lowWater) {
        account.lowWater = -1;
        void this.#exchange.ask(account);
      }
    }
    return { kind: 'reserved', hold, rate: describeRate(accounts, nowMs) };
  }

  /** All or nothing: accounts are only taken from once every one of them has room. */
  async #reserveByAsking(owners: readonly AccountOwner[], estimate: Estimate): Promise<Reservation> {
    const { clock, waitMs } = this.#options;
    const deadlineMs = clock.monotonicMs() + (waitMs ?? WAIT_MS);
    for (let round = 0; ; round++) {
      const nowMs = this.#windows.now();
      const accounts = this.#collect(owners, nowMs);
      const short = accounts.filter((account) => !account.fits(amountOf(account.rule.kind, estimate)));
      if (short.length === 0) return this.#take(accounts, estimate, nowMs);
      const monotonicMs = clock.monotonicMs();
      const late = round > 0 && monotonicMs >= deadlineMs;
      const blocked = short.find((account) => {
        const amount = amountOf(account.rule.kind, estimate);
        // Nobody said no: others may hold what they do not use, and were too slow to give it back.
        if (late && (!account.opened || account.reclaimable > 0) && amount <= account.limit) throw undecided(account);
        if (late) account.refuse(amount, monotonicMs + (this.#options.refuseForMs ?? REFUSE_FOR_MS));
        return late || account.refuses(amount, monotonicMs);
      });
      if (blocked !== undefined) return refusal(blocked, accounts, nowMs);
      const changes = short.map((account) => account.nextChange());
      await this.#ask(short, estimate);
      if (short.every((account) => account.fits(amountOf(account.rule.kind, estimate)))) continue;
      if (short.some((account) => account.refuses(amountOf(account.rule.kind, estimate), clock.monotonicMs())))
        continue;
      await Promise.race([...changes, this.#options.delay(LOOK_EVERY_MS)]);
    }
  }

  async #ask(accounts: readonly Account[], estimate: Estimate): Promise<void> {
    const waiters = accounts.map((account) => {
      const waiter = { amount: amountOf(account.rule.kind, estimate) };
      account.waiting.add(waiter);
      return () => account.waiting.delete(waiter);
    });
    try {
      await this.#inTime(Promise.all(accounts.map((account) => this.#exchange.ask(account))));
    } finally {
      for (const leave of waiters) leave();
    }
  }

  async #reserveAfterProof(owners: readonly AccountOwner[], estimate: Estimate): Promise<Reservation> {
    await this.#inTime(this.beat());
    if (this.#options.clock.monotonicMs() - this.#confirmedMs > TRUST_MS) throw unavailable('no beat');
    return this.reserve(owners, estimate);
  }

  async #inTime(answer: Promise<unknown>): Promise<void> {
    const late = this.#options.delay(ANSWER_WITHIN_MS).then(() => Promise.reject(new Error('no answer in time')));
    await Promise.race([answer, late]).catch((cause) => {
      throw unavailable(cause);
    });
  }

  #giveBack(account: Account): Promise<void> {
    account.returning = true;
    return this.#exchange.ask(account);
  }

  readonly #onFreed = (account: Account): void => {
    account.changed();
    if (account.contestedUntilMs > this.#options.clock.monotonicMs() || account.room < 0) void this.#giveBack(account);
  };

  #hear(notice: SliceNotice): void {
    if (notice.kind === 'gap') {
      for (const account of this.#book.all()) account.changed();
      return;
    }
    const account = this.#book.find(notice.account);
    if (account === undefined) return;
    if (notice.kind === 'want') {
      account.contestedUntilMs = this.#options.clock.monotonicMs() + CONTESTED_MS;
      void this.#giveBack(account);
    } else account.changed();
  }
}

function refusal(blocked: Account, accounts: readonly Account[], nowMs: number): Reservation {
  const { rule, span, owner } = blocked;
  const rate = describeRate(accounts, nowMs);
  if (rule.refusal === 'over-budget') return { kind: 'over-budget', limit: rule.kind, owner, rate };
  const retryAfterMs = rule.window === 'none' ? RETRY_CONCURRENT_MS : Math.max(1, span.endMs - nowMs);
  return { kind: 'over-rate', limit: rule.kind, owner, retryAfterMs, rate };
}

function undecided({ rule, owner }: Account): Problem {
  const detail = `what is left of \`${rule.kind}\` of \`${owner}\` is in the hands of other gateways; try again shortly`;
  return new Problem('ledger-unavailable', detail, { retryAfterMs: 1_000 });
}

/** Without PostgreSQL nothing could be recorded either. */
function unavailable(cause: unknown): Problem {
  return new Problem(
    'ledger-unavailable',
    'the budget could not be checked: the database does not answer; try again shortly',
    {
      retryAfterMs: 1_000,
      cause,
    },
  );
}
