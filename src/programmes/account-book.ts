import type { Limits } from '../charter/schema.ts';
import { Account, type AccountIdentity, accountName } from './account.ts';
import { limitOf, limitRules } from './limit-kinds.ts';
import type { AccountOwner } from './ports.ts';
import type { WindowClock } from './window-clock.ts';

/** After so long without a request an account of a day or month is closed; it opens again where it was. */
const FORGET_AFTER_MS = 600_000;
/** Outcomes of the last requests of a window may still be on their way. */
const LINGER_MS = 60_000;

interface OwnerPage {
  limits: Limits;
  /** Wall milliseconds: until its minute turns. */
  validUntilMs: number;
  accounts: readonly Account[];
}

/** All accounts of this worker. Memory is bounded by the owners that asked within their windows. */
export class AccountBook {
  readonly #windows: WindowClock;
  readonly #worker: string;
  readonly #pages = new Map<string, OwnerPage>();
  readonly #accounts = new Map<string, Account>();
  #opened = 0;

  constructor(windows: WindowClock, worker: string) {
    this.#windows = windows;
    this.#worker = worker;
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** The owner's accounts in the windows of now. */
  accountsOf(owner: AccountOwner, nowMs: number): readonly Account[] {
    const page = this.#pages.get(owner.id);
    if (page !== undefined && nowMs < page.validUntilMs && sameLimits(page.limits, owner.limits)) return page.accounts;
    const accounts: Account[] = [];
    for (const rule of limitRules) {
      const limit = limitOf(rule.kind, owner.limits);
      if (limit !== undefined) {
        accounts.push(this.#account({ owner: owner.id, rule, span: this.#windows.span(rule.window) }, limit));
      }
    }
    this.#pages.set(owner.id, {
      limits: owner.limits,
      validUntilMs: this.#windows.span('minute').endMs,
      accounts,
    });
    return accounts;
  }

  find(name: string): Account | undefined {
    return this.#accounts.get(name);
  }

  all(): Iterable<Account> {
    return this.#accounts.values();
  }

  /** Forgets an account whose lease is gone; holds that are out keep theirs. */
  drop(account: Account): void {
    if (this.#accounts.get(account.name) === account) this.#accounts.delete(account.name);
    this.#pages.delete(account.owner);
  }

  /** Forgets what no request can ask for again; returns the durable accounts whose leases can be ended. */
  prune(nowMs: number): Account[] {
    for (const [owner, page] of this.#pages) if (page.validUntilMs <= nowMs) this.#pages.delete(owner);
    const over: Account[] = [];
    for (const account of this.#accounts.values()) {
      const { rule, span } = account;
      const lasting = rule.durable || rule.window === 'none';
      if (!lasting && span.endMs <= nowMs) this.#accounts.delete(account.name);
      if (!lasting || account.held > 0 || account.waiting.size > 0) continue;
      if (span.endMs + LINGER_MS > nowMs && account.lastUsedMs + FORGET_AFTER_MS > nowMs) continue;
      this.drop(account);
      over.push(account);
    }
    return over;
  }

  #account(identity: AccountIdentity, limit: number): Account {
    const name = accountName(identity);
    let account = this.#accounts.get(name);
    if (account === undefined) {
      this.#opened += 1;
      const id = `${this.#worker}.${this.#opened.toString(36)}`;
      account = new Account(identity, { id, limit, nowMs: this.#windows.now() });
      this.#accounts.set(name, account);
    } else if (account.limit !== limit) {
      account.limit = limit;
      account.opened = false;
      account.refuseUntilMs = 0;
    }
    return account;
  }
}

function sameLimits(a: Limits, b: Limits): boolean {
  if (a === b) return true;
  for (const { kind } of limitRules) if (a[kind] !== b[kind]) return false;
  return true;
}
