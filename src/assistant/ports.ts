/** What the assistant asks from outside. The path comes from the gateway, storage from store; processes wire. */
import type { Limits } from '../charter/schema.ts';
import type { Problem } from '../kit/index.ts';
import type { TurnMode } from './schema.ts';

/** Who asks, for quota and statement. Guests have no key: the charter's `assistant` says what they may. */
export interface Asker {
  /** Public id of the subject, such as `guest-2f9c01ab`; counted against `limits`. */
  readonly id: string;
  readonly tenant: string;
  readonly purpose: string;
  readonly limits: Limits;
}

export interface PathQuestion {
  readonly mode: TurnMode;
  readonly question: string;
  /** Of the interface: a hint for retrieval. */
  readonly language: string;
  /** Earlier turns of this branch, oldest first. */
  readonly history: readonly { readonly question: string; readonly answer: string }[];
  readonly asker: Asker;
}

export interface PathListener {
  /** A durable intent exists: the answer will have this receipt. */
  onReceipt(receiptId: string): void;
  /** Text of a `chat` answer to append. */
  onText(text: string): void;
}

/** How the nine steps ended. `wire`: the exact bytes that `answer/wire` commits to. */
export type PathAnswer =
  | { readonly kind: 'complete'; readonly receiptId: string; readonly wire: Uint8Array }
  | { readonly kind: 'stopped'; readonly receiptId: string | null }
  /** Also denials (`refused-by-policy`, with `clauses` and `considered` in its members), quotas and faults. */
  | { readonly kind: 'problem'; readonly receiptId: string | null; readonly problem: Problem };

/** The nine-step path, from inside the process. Never rejects. Aborting the signal is the person's Stop. */
export interface AnswerPath {
  ask(asked: PathQuestion, listener: PathListener, stop: AbortSignal): Promise<PathAnswer>;
}

export type * from './storage.ts';

/** Frequent questions of the knowledge collection in one language, with the authority that answers. */
export interface FrequentQuestions {
  list(language: string): readonly { readonly question: string; readonly authority: string }[];
}

/** Ids of backends that the law allows for guests in this mode, best first. */
export interface GuestRoutes {
  list(mode: TurnMode): readonly string[];
}

/** A receipt as it stands, to freeze it with a contested answer. */
export interface ReceiptSource {
  readReceipt(id: string): Promise<object | null>;
}
