import type { Account } from './account.ts';
import { countsRequests, spentOf, wholeEstimate } from './limit-kinds.ts';
import type { Estimate, Hold, Holding } from './ports.ts';

/** A place in several accounts at once. */
export class AccountHold implements Hold {
  readonly holdings: readonly Holding[];
  readonly #accounts: readonly Account[];
  /** What each account still holds for this request. */
  readonly #left: number[];
  readonly #onFreed: (account: Account) => void;
  #isCounted = false;
  #ended = false;

  constructor(accounts: readonly Account[], amounts: readonly number[], onFreed: (account: Account) => void) {
    this.#accounts = accounts;
    this.#left = [...amounts];
    this.#onFreed = onFreed;
    const holdings: Holding[] = [];
    for (let i = 0; i < accounts.length; i++) {
      const account = accounts[i] as Account;
      const amount = amounts[i] as number;
      account.held += amount;
      if (account.rule.durable && amount > 0) holdings.push({ leaseId: account.leaseId, amount });
    }
    this.holdings = holdings;
  }

  spend(used: Estimate): readonly Holding[] {
    return this.#ended ? [] : this.#charge(wholeEstimate(used));
  }

  settle(used: Estimate): readonly Holding[] {
    if (this.#ended) return [];
    const spent = this.#charge(wholeEstimate(used));
    this.release();
    return spent;
  }

  release(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (let i = 0; i < this.#accounts.length; i++) {
      const account = this.#accounts[i] as Account;
      const left = this.#left[i] as number;
      account.held -= left;
      if (left > 0) this.#onFreed(account);
    }
  }

  /** More than was held is charged in full: it was used. */
  #charge(used: Estimate): readonly Holding[] {
    const spent: Holding[] = [];
    for (let i = 0; i < this.#accounts.length; i++) {
      const account = this.#accounts[i] as Account;
      const { kind, durable } = account.rule;
      const amount = this.#isCounted && countsRequests(kind) ? 0 : spentOf(kind, used);
      const left = this.#left[i] as number;
      const freed = Math.min(amount, left);
      this.#left[i] = left - freed;
      account.held -= freed;
      account.used += amount;
      if (durable && amount > 0) spent.push({ leaseId: account.leaseId, amount });
      if (amount > left) this.#onFreed(account);
    }
    this.#isCounted = true;
    return spent;
  }
}
