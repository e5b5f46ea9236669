import { Problem } from '../kit/index.ts';
import type { AssistantContext, Guest } from './context.ts';
import { explainProblem } from './explain-problem.ts';
import type { PathAnswer, PathListener, PathQuestion, TurnEnding } from './ports.ts';
import { readQuoted } from './read-quoted.ts';
import { sealTurnCell, sealTurnText, type TurnReason } from './turn-content.ts';

/** Text is written down so often: readers in other processes see it grow. */
const FLUSH_MS = 120;
/** How often and after which waits the end of a turn is written again when the database does not take it. */
const RETRY_WAITS_MS = [200, 500, 1_000, 2_000, 5_000];

export interface StartedTurn {
  readonly id: string;
  readonly guest: Guest;
  readonly asked: PathQuestion;
}

/** One answer in the making. It does not know who reads it, or whether anybody does. */
export class TurnRun implements PathListener {
  readonly #context: AssistantContext;
  readonly #turn: StartedTurn;
  readonly #stop = new AbortController();
  #text = '';
  #receiptId: string | null = null;
  #isDue = false;
  #isOver = false;
  #flushing: Promise<void> = Promise.resolve();

  constructor(turn: StartedTurn, context: AssistantContext) {
    this.#turn = turn;
    this.#context = context;
  }

  /** Never rejects. Resolves when the end is durable, or could not be made so. */
  async run(): Promise<void> {
    const { path, report } = this.#context;
    const answer = await path
      .ask(this.#turn.asked, this, this.#stop.signal)
      .catch((cause: unknown): PathAnswer => ({ kind: 'problem', receiptId: null, problem: asFault(cause) }));
    this.#isOver = true;
    await this.#writeEnding(answer).catch((fault: unknown) => report(fault));
    await this.#flushing;
  }

  /** The person stopped it, or deleted it. */
  stop(): void {
    this.#stop.abort();
  }

  onReceipt(receiptId: string): void {
    if (receiptId === '') return;
    this.#receiptId = receiptId;
    this.#flushSoon();
  }

  onText(text: string): void {
    this.#text += text;
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isDue || this.#isOver) return;
    this.#isDue = true;
    this.#flushing = this.#flushing.then(async () => {
      await this.#context.delay(FLUSH_MS);
      this.#isDue = false;
      if (!this.#isOver) await this.#flush();
    });
  }

  /** What could not be written is written with what comes next, and with the end in any case. */
  async #flush(): Promise<void> {
    const { store, report } = this.#context;
    const progress = { id: this.#turn.id, receiptId: this.#receiptId, answer: this.#sealedText() };
    try {
      const found = await store.noteProgress(progress);
      if (found !== 'running') this.stop();
    } catch (fault) {
      report(fault);
    }
  }

  #sealedText(): Uint8Array | null {
    const { id, guest } = this.#turn;
    return this.#text === '' ? null : sealTurnText(this.#text, guest.key, { id, column: 'answer' });
  }

  async #writeEnding(answer: PathAnswer): Promise<void> {
    const { store, delay } = this.#context;
    const ending = this.#endingOf(answer);
    for (const waitMs of RETRY_WAITS_MS) {
      try {
        return await store.noteEnding(ending);
      } catch {
        // The last attempt below tells what is wrong.
        await delay(waitMs);
      }
    }
    await store.noteEnding(ending);
  }

  #endingOf(answer: PathAnswer): TurnEnding {
    const { id, guest } = this.#turn;
    const base = {
      id,
      receiptId: answer.receiptId ?? this.#receiptId,
      answer: this.#sealedText(),
      finishedAtMs: this.#context.clock.wallMs(),
      wire: null,
      ending: null,
    };
    if (answer.kind === 'stopped') return { ...base, state: 'stopped' };
    const sealReason = ({ refusal, failure }: TurnReason) =>
      sealTurnText(JSON.stringify({ refusal, failure }), guest.key, { id, column: 'ending' });
    if (answer.kind === 'problem') {
      const reason = explainProblem(answer.problem);
      return { ...base, state: reason.state, ending: sealReason(reason) };
    }
    const wire = sealTurnCell(answer.wire, guest.key, { id, column: 'wire' });
    if (this.#turn.asked.mode === 'chat' || readQuoted(answer.wire) !== null)
      return { ...base, state: 'complete', wire };
    const failure = { code: 'upstream-failed', detail: 'the collection answered in a form that is no quoted answer' };
    return { ...base, state: 'failed', wire, ending: sealReason({ refusal: null, failure }) };
  }
}

function asFault(cause: unknown): Problem {
  return cause instanceof Problem ? cause : new Problem('internal', 'a fault in the service', { cause });
}
