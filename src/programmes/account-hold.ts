import type { Account } from './account.ts';
import { spentOf, wholeEstimate } from './limit-kinds.ts';
import type { Estimate, Hold, Holding } from './ports.ts';

/** A place in several accounts at once. */
export class AccountHold implements Hold {
  readonly holdings: readonly Holding[];
  readonly #accounts: readonly Account[];
  readonly #amounts: readonly number[];
  readonly #onFreed: (account: Account) => void;
  #ended = false;

  constructor(accounts: readonly Account[], amounts: readonly number[], onFreed: (account: Account) => void) {
    this.#accounts = accounts;
    this.#amounts = amounts;
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

  settle(used: Estimate): readonly Holding[] {
    return this.#end(wholeEstimate(used));
  }

  release(): void {
    this.#end(null);
  }

  /** More than was held is charged in full: it was used. */
  #end(used: Estimate | null): readonly Holding[] {
    if (this.#ended) return [];
    this.#ended = true;
    const spent: Holding[] = [];
    for (let i = 0; i < this.#accounts.length; i++) {
      const account = this.#accounts[i] as Account;
      const amount = used === null ? 0 : spentOf(account.rule.kind, used);
      account.held -= this.#amounts[i] as number;
      account.used += amount;
      if (account.rule.durable && amount > 0) spent.push({ leaseId: account.leaseId, amount });
      if (amount !== this.#amounts[i]) this.#onFreed(account);
    }
    return spent;
  }
}
