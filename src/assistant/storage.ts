/** What the assistant keeps, as its store sees it: content is sealed bytes, `subject` decides who may ask for a row. */
import type { WrappedKey } from '../kit/index.ts';
import type { ContestReason, LocalText, TurnMode, TurnState } from './schema.ts';

export interface SubjectRow extends WrappedKey {
  readonly id: string;
  readonly secretHash: string;
  readonly createdAtMs: number;
  readonly keptUntilMs: number;
}

export interface ConversationRow {
  readonly id: string;
  readonly title: Uint8Array;
  readonly turns: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly keptUntilMs: number;
}

export interface TurnRow {
  readonly id: string;
  readonly conversation: string;
  readonly parent: string | null;
  readonly mode: TurnMode;
  /** `unfinished` also for a running turn whose worker is gone. */
  readonly state: TurnState;
  readonly language: string;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | null;
  readonly receiptId: string | null;
  readonly question: Uint8Array;
  readonly answer: Uint8Array | null;
  readonly wire: Uint8Array | null;
  readonly ending: Uint8Array | null;
  readonly requestDigest: string | null;
  readonly contested: CaseHead | null;
}

export interface NewTurn {
  readonly id: string;
  readonly subject: string;
  readonly conversation: string;
  readonly parent: string | null;
  readonly mode: TurnMode;
  readonly language: string;
  readonly worker: string;
  readonly createdAtMs: number;
  readonly keptUntilMs: number;
  readonly question: Uint8Array;
  readonly request: { readonly key: string; readonly digest: string } | null;
}

/** What a running turn has so far. */
export interface TurnProgress {
  readonly id: string;
  readonly receiptId: string | null;
  readonly answer: Uint8Array | null;
}

export interface TurnEnding extends TurnProgress {
  readonly state: Exclude<TurnState, 'running'>;
  readonly finishedAtMs: number;
  readonly wire: Uint8Array | null;
  readonly ending: Uint8Array | null;
}

/** What of a case is not sealed. */
export interface CaseHead {
  readonly number: string;
  readonly reason: ContestReason;
  readonly createdAtMs: number;
  readonly dueAtMs: number;
  readonly institution: LocalText;
}

export interface NewCase extends WrappedKey, Omit<CaseHead, 'number'> {
  readonly id: string;
  readonly year: number;
  readonly turn: string;
  readonly mode: TurnMode;
  readonly receiptId: string | null;
  readonly words: Uint8Array;
  readonly evidence: Uint8Array;
}

/** A case as the console lists it: nothing that a person wrote, and no receipt id. */
export interface CaseEntry extends CaseHead {
  readonly state: 'open';
  readonly turnMode: TurnMode;
  /** Where the decision is in the log, once it is. */
  readonly entry: { readonly log: string; readonly index: string } | null;
}

/** Newest first, after the place that `before` names. */
export interface Page {
  readonly limit: number;
  readonly before: { readonly updatedAtMs: number; readonly id: string } | null;
}

export interface SubjectStore {
  insertSubject(row: SubjectRow): Promise<void>;
  findSubject(secretHash: string, atMs: number): Promise<SubjectRow | null>;
  /** With its key and everything under it. Ends its running turns. */
  deleteSubject(subject: string): Promise<void>;
}

export interface ConversationStore {
  listConversations(subject: string, page: Page): Promise<ConversationRow[]>;
  countConversations(subject: string): Promise<number>;
  findConversation(subject: string, id: string): Promise<ConversationRow | null>;
  /** False when the subject has no such conversation. Ends its running turns. */
  deleteConversation(subject: string, id: string): Promise<boolean>;
}

export interface TurnStore {
  /** A turn with the conversation that it begins. `repeated`: the subject used this request key before. */
  insertFirstTurn(turn: NewTurn, title: Uint8Array): Promise<'inserted' | 'repeated'>;
  insertTurn(turn: NewTurn): Promise<'inserted' | 'repeated' | 'no-conversation'>;
  findTurn(subject: string, id: string): Promise<TurnRow | null>;
  findTurnByRequest(subject: string, key: string): Promise<TurnRow | null>;
  /** Of all these conversations, in the order in which they were asked. */
  listTurns(subject: string, conversations: readonly string[]): Promise<TurnRow[]>;
  /** `gone`: deleted, or ended by somebody else. */
  noteProgress(progress: TurnProgress): Promise<'running' | 'stop' | 'gone'>;
  noteEnding(ending: TurnEnding): Promise<void>;
  /** False when there is no such turn; telling one that has ended does nothing. */
  askStop(subject: string, id: string): Promise<boolean>;
  /** Those of the ids that somebody asked to stop or deleted. */
  listStopped(ids: readonly string[]): Promise<string[]>;
}

export interface CaseStore {
  /** The case of this turn: the new one, or the one that was there. */
  insertCase(row: NewCase): Promise<CaseHead>;
  /** Newest first, at most 1,000. */
  listCases(): Promise<CaseEntry[]>;
}

/** What other processes say. A gap in listening calls everybody. */
export interface TurnSignals {
  /** Calls whenever the turn may have changed. Gives the way to end it. */
  watchTurn(id: string, wake: () => void): () => void;
  /** `id` is null after a gap: any turn may be meant. */
  onStop(handler: (id: string | null) => void): void;
}

export interface AssistantStore extends SubjectStore, ConversationStore, TurnStore, CaseStore, TurnSignals {}
