import type { Sealed, SealedDecision } from '../../ledger/index.ts';

/** Entries that are kept at most; older ones are read from the database. */
const ENTRIES_MAX = 16_384;

interface Round {
  readonly log: string;
  readonly first: number;
  readonly decisions: readonly SealedDecision[];
}

/** The entries of the last rounds as the ledger process has them in memory, so that they need not be read again. */
export class EntryFeed {
  #rounds: Round[] = [];
  #count = 0;

  add({ log, first }: { readonly log: string; readonly first: number }, decisions: readonly Sealed[]): void {
    if (decisions.length === 0 || !decisions.every(isWhole)) return;
    this.#rounds.push({ log, first, decisions });
    this.#count += decisions.length;
    while (this.#count > ENTRIES_MAX && this.#rounds.length > 1)
      this.#count -= this.#rounds.shift()?.decisions.length ?? 0;
  }

  /** What follows from this place on without a gap, and forgets what lies before it. */
  from(log: string, next: number): SealedDecision[] {
    this.#rounds = this.#rounds.filter((one) => one.log !== log || one.first + one.decisions.length > next);
    this.#count = this.#rounds.reduce((sum, { decisions }) => sum + decisions.length, 0);
    const found: SealedDecision[] = [];
    for (const { decisions, first } of this.#rounds.filter((one) => one.log === log)) {
      const skip = next + found.length - first;
      if (skip < 0) break;
      found.push(...decisions.slice(skip));
    }
    return found;
  }
}

function isWhole(decision: Sealed): decision is SealedDecision {
  return 'outcome' in decision;
}
