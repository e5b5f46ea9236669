import type { Account } from './account.ts';
import type { SliceRequest, SliceSource } from './ports.ts';

/** One transaction asks for at most so many accounts, so that none is locked for long. */
const BATCH_MOST = 200;

export interface ExchangeOptions {
  readonly source: SliceSource;
  /** Monotonic. */
  now(): number;
  /** How long a refusal holds before PostgreSQL is asked again. */
  readonly refuseForMs: number;
  /** A lease was ended from outside: the account is no longer ours. */
  onEnded(account: Account): void;
}

/** Brings accounts in line with PostgreSQL: one round at a time, each for all accounts that ask meanwhile. */
export class SliceExchange {
  readonly #options: ExchangeOptions;
  readonly #asking = new Set<Account>();
  #next: PromiseWithResolvers<void> | null = null;
  #running: Promise<void> | null = null;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Resolves when the account has had an answer to what it asks now; rejects when PostgreSQL does not give one. */
  ask(account: Account): Promise<void> {
    this.#asking.add(account);
    if (this.#next === null) {
      this.#next = Promise.withResolvers<void>();
      // Background rounds are awaited by nobody; the next one asks again.
      this.#next.promise.catch(() => {});
    }
    const { promise } = this.#next;
    // Not at once: requests that arrive in the same turn share a round.
    this.#running ??= Promise.resolve().then(() => this.#run());
    return promise;
  }

  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#next !== null) {
      const round = this.#next;
      const accounts = [...this.#asking];
      this.#asking.clear();
      this.#next = null;
      try {
        for (let at = 0; at < accounts.length; at += BATCH_MOST)
          await this.#exchange(accounts.slice(at, at + BATCH_MOST));
        round.resolve();
      } catch (cause) {
        round.reject(cause);
      }
    }
    this.#running = null;
  }

  async #exchange(accounts: readonly Account[]): Promise<void> {
    const asked = new Map<string, { account: Account; request: SliceRequest }>();
    for (const account of accounts) asked.set(account.leaseId, { account, request: account.request() });
    const answers = await this.#options.source.lease([...asked.values()].map((entry) => entry.request));
    const refuseUntilMs = this.#options.now() + this.#options.refuseForMs;
    for (const answer of answers) {
      const entry = asked.get(answer.leaseId);
      if (entry === undefined) continue;
      if (answer.ended) this.#options.onEnded(entry.account);
      else entry.account.apply(answer, entry.request, refuseUntilMs);
    }
  }
}
