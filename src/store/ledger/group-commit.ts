import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { Problem } from '../../kit/index.ts';

const RETRY_MS = 100;

/** How long items of one kind wait, how many may, and what is done about those whose caller stopped waiting. */
export interface WaitingRule<Item> {
  readonly waitMs: number;
  readonly queueMax: number;
  /** It was in flight when its caller stopped waiting, and is durable now. */
  late?(item: Item): void;
  /** It never left the queue before its caller stopped waiting: certainly not durable. */
  dropped?(item: Item): void;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly lane: Lane<Item>;
  readonly sinceMs: number;
  resolve(answer: Answer): void;
  reject(problem: Problem): void;
  isGivenUp: boolean;
}

/** What is known of the items of one rule. */
interface Lane<Item> {
  readonly rule: WaitingRule<Item>;
  queued: number;
  timer: NodeJS.Timeout | null;
}

export interface GroupCommitOptions<Item, Answer> {
  /** Makes all of them durable in one transaction; running it again after a lost answer must be harmless. */
  flush(items: readonly Item[]): Promise<(item: Item) => Answer | Problem>;
  readonly batchMax: number;
}

/**
 * A flush at a time, and the next one takes everything that came meanwhile, in its order. What never left the queue is
 * guaranteed not to be durable; a batch in flight is tried until the database has answered, so that nothing stays unknown.
 */
export class GroupCommit<Item, Answer> {
  readonly #options: GroupCommitOptions<Item, Answer>;
  readonly #lanes = new Map<WaitingRule<Item>, Lane<Item>>();
  #waiting: Waiting<Item, Answer>[] = [];
  #inFlight: readonly Waiting<Item, Answer>[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(options: GroupCommitOptions<Item, Answer>) {
    this.#options = options;
  }

  /** Items of the same rule share its bounds. */
  push(item: Item, rule: WaitingRule<Item>): Promise<Answer> {
    const lane = this.#lane(rule);
    if (this.#closed) return Promise.reject(unavailable('this process is stopping'));
    if (lane.queued >= rule.queueMax) return Promise.reject(unavailable('too many requests wait to be recorded'));
    return new Promise((resolve, reject) => {
      this.#queue({ item, lane, sinceMs: performance.now(), resolve, reject, isGivenUp: false });
      if (lane.timer === null) this.#watch(lane, rule.waitMs);
    });
  }

  /** An item for which nobody waits; also while this closes. If the database is away at the end, it is lost. */
  pushAside(item: Item): void {
    const lane = this.#lane(aside);
    this.#queue({ item, lane, sinceMs: performance.now(), resolve() {}, reject() {}, isGivenUp: true });
  }

  /** Everything that was pushed is durable or rejected afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    for (const { timer } of this.#lanes.values()) if (timer !== null) clearTimeout(timer);
  }

  #lane(rule: WaitingRule<Item>): Lane<Item> {
    let lane = this.#lanes.get(rule);
    if (lane === undefined) {
      lane = { rule, queued: 0, timer: null };
      this.#lanes.set(rule, lane);
    }
    return lane;
  }

  #queue(one: Waiting<Item, Answer>): void {
    one.lane.queued++;
    this.#waiting.push(one);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // The rest of this turn of the event loop still joins the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      this.#inFlight = this.#waiting.splice(0, this.#options.batchMax);
      for (const { lane } of this.#inFlight) lane.queued--;
      await this.#commit(this.#inFlight);
      this.#inFlight = [];
    }
    this.#running = null;
  }

  async #commit(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const answerOf = await this.#flushUntilAnswered(batch.map((one) => one.item));
    for (const one of batch) {
      const answer = answerOf instanceof Problem ? answerOf : answerOf(one.item);
      if (answer instanceof Problem) one.reject(answer);
      else if (one.isGivenUp) one.lane.rule.late?.(one.item);
      else one.resolve(answer);
    }
  }

  async #flushUntilAnswered(items: readonly Item[]): Promise<((item: Item) => Answer | Problem) | Problem> {
    for (;;) {
      try {
        return await this.#options.flush(items);
      } catch (cause) {
        const nobodyWaits = this.#inFlight.every((one) => one.isGivenUp);
        if (isFinal(cause) || (this.#closed && nobodyWaits))
          return unavailable('the database refused the record', cause);
        await delay(RETRY_MS);
      }
    }
  }

  #watch(lane: Lane<Item>, afterMs: number): void {
    lane.timer = setTimeout(() => {
      lane.timer = null;
      const { waitMs, dropped } = lane.rule;
      const beforeMs = performance.now() - waitMs;
      const isLate = (one: Waiting<Item, Answer>) => one.lane === lane && !one.isGivenUp && one.sinceMs <= beforeMs;
      for (const one of this.#inFlight) if (isLate(one)) giveUp(one);
      const late = this.#waiting.filter(isLate);
      if (late.length > 0) this.#waiting = this.#waiting.filter((one) => !isLate(one));
      for (const one of late) {
        lane.queued--;
        giveUp(one);
        dropped?.(one.item);
      }
      const isOpen = (one: Waiting<Item, Answer>) => one.lane === lane && !one.isGivenUp;
      const oldest = this.#inFlight.find(isOpen) ?? this.#waiting.find(isOpen);
      if (oldest !== undefined) this.#watch(lane, Math.max(1, oldest.sinceMs + waitMs - performance.now()));
    }, afterMs);
  }
}

const aside = { waitMs: Number.POSITIVE_INFINITY, queueMax: Number.POSITIVE_INFINITY };

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
  return cause instanceof TypeError || cause instanceof RangeError;
}
