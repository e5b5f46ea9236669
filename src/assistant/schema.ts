/** What the assistant's routes under `/api` say and take, as the web sees it. Times are RFC 3339 in UTC. */

import type { QuotedAnswer } from '../knowledge/schema.ts';

/** `quoted`: passages unchanged. `chat`: free conversation with the model, which may invent. */
export type TurnMode = 'quoted' | 'chat';

/**
 * `running` until the outcome is durable. `stopped`: the person stopped it. `unfinished`: the process died.
 * `refused`: denied by the law or by an instruction; `failed`: something broke.
 */
export type TurnState = 'running' | 'complete' | 'stopped' | 'unfinished' | 'refused' | 'failed';

/** Text in the languages of the charter: from language tag to sentence. */
export type LocalText = Readonly<Record<string, string>>;

/** `GET /api/assistant`: what the first page must know; needs no session. */
export interface AssistantDescription {
  /** Of the service, such as `Riigi nõuandja`. */
  readonly name: LocalText;
  /** What it is, such as `National AI service of Estonia`. */
  readonly tagline: LocalText;
  /** Of the accent, degrees of OKLCH. */
  readonly hue: number | null;
  /** SVG path data. */
  readonly crest: { readonly viewBox: string; readonly path: string } | null;
  readonly country: { readonly code: string; readonly name: LocalText };
  readonly charter: {
    readonly digest: string;
    readonly status: 'example' | 'draft' | 'adopted';
    readonly notice: LocalText | null;
  };
  /** Interface languages, the principal one first. */
  readonly interfaceLanguages: readonly string[];
  /** For how many days a conversation is kept after its last turn. */
  readonly keepDays: number;
  /** Time to decide a contested answer. */
  readonly contest: { readonly days: number; readonly institution: LocalText };
  readonly office: { readonly name: LocalText; readonly link: string };
  /** What the service can do in each language of the charter today. */
  readonly abilities: readonly { readonly language: string; readonly quotes: boolean; readonly writes: boolean }[];
  /** The model behind the free conversation, or null when none is allowed for guests. */
  readonly chatModel: {
    readonly id: string;
    readonly name: string;
    readonly languages: readonly string[];
    readonly licence: string;
  } | null;
  /** Where answers may come from, for the marks on the first page. */
  readonly places: readonly { readonly place: string; readonly jurisdiction: string; readonly inCountry: boolean }[];
  /** By language: frequent questions with the authority that answers. */
  readonly frequent: Readonly<Record<string, readonly { readonly question: string; readonly authority: string }[]>>;
}

/** One turn: a question and what came of it. */
export interface TurnView {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly conversation: string;
  /** The turn before, or null for the first. Siblings (same parent) are variants: edited or asked again. */
  readonly parent: string | null;
  readonly mode: TurnMode;
  readonly state: TurnState;
  readonly question: string;
  /** Of the interface when it was asked. */
  readonly language: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly receiptId: string | null;
  /** Set for `quoted`, once known. */
  readonly quoted: QuotedAnswer | null;
  /** For `chat`: the text so far, or whole. Markdown. */
  readonly text: string | null;
  /** What the receipt's `answer/wire` commits to, base64; null while running, and for `chat`. */
  readonly wire: string | null;
  readonly refusal: Refusal | null;
  readonly failure: { readonly code: string; readonly detail: string } | null;
  /** The case, when this turn was contested. */
  readonly contested: CaseView | null;
}

export type { QuotedAnswer, QuotedPassage } from '../knowledge/schema.ts';

export interface Refusal {
  readonly code: string;
  readonly clauses: readonly {
    readonly id: string;
    readonly name: string;
    readonly legalBasis: string;
    readonly sentence: LocalText;
  }[];
  readonly classification: string;
  readonly considered: readonly {
    readonly backend: string;
    readonly allowed: boolean;
    readonly clauses: readonly string[];
  }[];
}

export interface ConversationSummary {
  readonly id: string;
  /** The first question, shortened. */
  readonly title: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly turns: number;
  /** Where a search found its words; null without a search. */
  readonly excerpt: string | null;
}

/** `GET /api/conversations/{id}`: all turns of all branches, oldest first. */
export interface ConversationView {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Until when it is kept. */
  readonly keptUntil: string;
  readonly turns: readonly TurnView[];
}

/**
 * `GET /api/conversations?limit=&after=`: newest first, `after` is `next` of the page before.
 * `POST /api/conversations/search` with `{query}` (not GET: words of a person do not belong into addresses): those that
 * hold every word, in whatever case, with or without diacritics. Content is sealed, so only the newest 500 are read.
 * `DELETE /api/conversations/{id}` and `DELETE /api/conversations` (all, with their key and the guest session): 204.
 * `GET /api/conversations/{id}/export?format=json|markdown` and `GET /api/export?format=…`: a file to save.
 */
export interface ConversationList {
  readonly conversations: readonly ConversationSummary[];
  /** For the next page; null at the end, and for a search. */
  readonly next: string | null;
  /** How many conversations a search has read: when fewer than `total`, older ones were not. Null without a search. */
  readonly searched: number | null;
  /** How many conversations there are. */
  readonly total: number;
}

/** What an export in JSON holds. */
export interface ConversationsExport {
  readonly object: 'polity_conversations';
  readonly exportedAt: string;
  readonly conversations: readonly ConversationView[];
}

/** Body of `POST /api/conversations/search`. */
export interface Search {
  /** At most 200 characters. */
  readonly query: string;
}

/**
 * `GET /api/guest`: the guest session behind the cookie; without one, what a new one would be. A GET never makes one:
 * the first question does, and `POST /api/guest` (send it first when two tabs may ask at once). Every method but GET needs
 * our own `origin`, `content-type: application/json` and a JSON body, which may be `{}`.
 */
export interface GuestView {
  readonly conversations: number;
  readonly keepDays: number;
}

/**
 * `POST /api/conversations` (new) and `POST /api/conversations/{id}/turns`. Answers 201 with the `TurnView`, still
 * running. A quota is counted on the path: when it is used up, the turn soon reads `failed` with the code
 * `rate-limited` or `over-budget`, and may be asked again. With the header `idempotency-key` a repeated request
 * gives the turn of the first. `POST /api/turns/{id}/stop` answers 202 with the `TurnView`, perhaps still running.
 */
export interface Ask {
  /** At most 4,000 characters. */
  readonly question: string;
  readonly mode: TurnMode;
  /** Interface language. */
  readonly language: string;
  /** The turn that this one follows; absent: the newest of the conversation; null: a variant of the first question. */
  readonly parent?: string | null;
}

/**
 * `GET /api/turns/{id}/events`: server-sent events, from any process and as often as wanted, also after a refresh. Event
 * `turn` is a whole `TurnView` and replaces what was shown before, text included: the first one at once, one when the
 * receipt id is known, the last one (state not `running`) ends the stream: close it then. Event `text` has `{at, text}`
 * to append; `at` is where it begins, in UTF-16 units. The id of each event is the number of units sent so far; a
 * connection that comes back begins with a whole `turn` again, so `Last-Event-ID` need not be kept. A stream that ends
 * without such a last event was cut: connect again; when the turn was deleted meanwhile, that is a 404.
 */
export type TurnEvent =
  | { readonly event: 'text'; readonly at: number; readonly text: string }
  | { readonly event: 'turn'; readonly turn: TurnView };

export const contestReasons = ['untrue', 'incomplete', 'source', 'refusal'] as const;
export type ContestReason = (typeof contestReasons)[number];

/**
 * `POST /api/turns/{id}/contest`: 201 with the `CaseView`; contesting again gives the same case. The case keeps a sealed
 * copy of question, answer, passages, words and receipt as they were in that moment, which outlives the deletion of the
 * conversation: the form says so before it is sent. Not while the turn is running.
 */
export interface Contest {
  readonly reason: ContestReason;
  /** In the person's words; may be empty. At most 4,000 characters. */
  readonly words: string;
}

export interface CaseView {
  /** Such as `2026-00012`. */
  readonly number: string;
  readonly reason: ContestReason;
  readonly state: 'open';
  readonly createdAt: string;
  /** By when it is decided. */
  readonly dueAt: string;
  /** Who decides. */
  readonly institution: LocalText;
}
