/** What the parts of the assistant are given. */
import type { Charter } from '../charter/schema.ts';
import { type Clock, type Ids, Problem, type WrappingKey } from '../kit/index.ts';
import type { AnswerPath, AssistantStore, FrequentQuestions, GuestRoutes, ReceiptSource } from './ports.ts';
import type { LocalText } from './schema.ts';

/** `assistant` of charter.yaml. */
export type AssistantRules = NonNullable<Charter['country']['assistant']>;

export interface AssistantContext {
  readonly store: AssistantStore;
  readonly path: AnswerPath;
  readonly receipts: ReceiptSource;
  readonly frequent: FrequentQuestions;
  readonly routes: GuestRoutes;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly kek: WrappingKey;
  /** Id of this process's lease. */
  readonly worker: string;
  /** The charter in force. */
  charter(): Charter;
  delay(ms: number): Promise<void>;
  /** Takes faults that no request waits for. They name no content. */
  report(fault: unknown): void;
}

/** A person without an account, with the key to what is theirs. Lives as long as one request or one stream. */
export interface Guest {
  readonly id: string;
  readonly key: Uint8Array;
}

/** Null: the charter opens no assistant. */
export function rulesOf(charter: Charter): AssistantRules | null {
  return charter.country.assistant ?? null;
}

/** @throws Problem `not-found` while the charter opens no assistant */
export function openRules(charter: Charter): AssistantRules {
  const rules = rulesOf(charter);
  if (rules === null) {
    throw new Problem('not-found', 'the charter opens no assistant; `assistant` in charter.yaml would');
  }
  return rules;
}

/** Who decides contested answers, in the languages of the charter. */
export function contestRules(charter: Charter): { readonly days: number; readonly institution: LocalText } {
  const { days, institution } = openRules(charter).contest;
  const found = charter.institutions.find(({ id }) => id === institution);
  return { days, institution: found?.name ?? { [charter.country.languages[0] ?? 'en']: institution } };
}

/** The same for what never was and for what is somebody else's. */
export function nothingHere(): Problem {
  return new Problem('not-found', 'there is nothing of yours with this id; it may have been deleted');
}
