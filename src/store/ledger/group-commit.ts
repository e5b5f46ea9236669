import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { Problem } from '../../kit/index.ts';

const RETRY_MS = 100;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly sinceMs: number;
  resolve(answer: Answer): void;
  reject(problem: Problem): void;
  isGivenUp: boolean;
}

export interface GroupCommitOptions<Item, Answer> {
  /** Makes all of them durable in one transaction; running it again after a lost answer must be harmless. */
  flush(items: readonly Item[]): Promise<(item: Item) => Answer | Problem>;
  /** Items that were in flight when their caller stopped waiting: whether they are durable is known now. */
  settleLate(items: readonly Item[]): Promise<void>;
  /** Items that never left the queue before their caller stopped waiting: certainly not durable. */
  dropped?(items: readonly Item[]): void;
  readonly waitMs: number;
  readonly queueMax: number;
  readonly batchMax: number;
}

/**
 * One lane: a flush at a time, and the next one takes everything that came meanwhile. What never left the queue is
 * guaranteed not to be durable; a batch in flight is tried until the database has answered, so that nothing stays unknown.
 */
export class GroupCommit<Item, Answer> {
  readonly #options: GroupCommitOptions<Item, Answer>;
  #waiting: Waiting<Item, Answer>[] = [];
  #inFlight: readonly Waiting<Item, Answer>[] = [];
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: GroupCommitOptions<Item, Answer>) {
    this.#options = options;
  }

  push(item: Item): Promise<Answer> {
    if (this.#closed) return Promise.reject(unavailable('this process is stopping'));
    if (this.#waiting.length >= this.#options.queueMax)
      return Promise.reject(unavailable('too many requests wait to be recorded'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, sinceMs: performance.now(), resolve, reject, isGivenUp: false });
      this.#running ??= this.#run();
      if (this.#timer === null) this.#watch(this.#options.waitMs);
    });
  }

  /** Everything that was pushed is durable or rejected afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    // The rest of this turn of the event loop still joins the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      this.#inFlight = this.#waiting.splice(0, this.#options.batchMax);
      await this.#commit(this.#inFlight);
      this.#inFlight = [];
    }
    this.#running = null;
  }

  async #commit(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const items = batch.map((one) => one.item);
    const answerOf = await this.#tryUntilAnswered(() => this.#options.flush(items));
    if (answerOf instanceof Problem) {
      for (const one of batch) one.reject(answerOf);
      return;
    }
    for (const one of batch) {
      const answer = answerOf(one.item);
      if (answer instanceof Problem) one.reject(answer);
      else one.resolve(answer);
    }
    const late = batch.filter((one) => one.isGivenUp).map((one) => one.item);
    if (late.length > 0) await this.#tryUntilAnswered(() => this.#options.settleLate(late));
  }

  async #tryUntilAnswered<Result>(attempt: () => Promise<Result>): Promise<Result | Problem> {
    for (;;) {
      try {
        return await attempt();
      } catch (cause) {
        const nobodyWaits = this.#inFlight.every((one) => one.isGivenUp);
        if (isFinal(cause) || (this.#closed && nobodyWaits))
          return unavailable('the database refused the record', cause);
        await delay(RETRY_MS);
      }
    }
  }

  #watch(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const { waitMs } = this.#options;
      const beforeMs = performance.now() - waitMs;
      for (const one of this.#inFlight) if (one.sinceMs <= beforeMs) giveUp(one);
      const dropped = this.#waiting.filter((one) => one.sinceMs <= beforeMs);
      if (dropped.length > 0) {
        this.#waiting = this.#waiting.filter((one) => one.sinceMs > beforeMs);
        for (const one of dropped) giveUp(one);
        this.#options.dropped?.(dropped.map((one) => one.item));
      }
      const oldest = this.#inFlight.find((one) => !one.isGivenUp) ?? this.#waiting[0];
      if (oldest !== undefined) this.#watch(Math.max(1, oldest.sinceMs + waitMs - performance.now()));
    }, afterMs);
  }
}

function giveUp(one: { isGivenUp: boolean; reject(problem: Problem): void }): void {
  one.isGivenUp = true;
  one.reject(unavailable('the record was not durable in time'));
}

function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem('ledger-unavailable', `${detail}; try again shortly`, { retryAfterMs: 1_000, cause });
}

/** The server has read the statement and will refuse it again. Classes of SQLSTATE: data, integrity, syntax; a value that does not encode. */
function isFinal(cause: unknown): boolean {
  if (cause instanceof DatabaseError) return /^(22|23|42|P0)/.test(cause.code ?? '');
  return cause instanceof TypeError;
}
