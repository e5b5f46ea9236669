/** What the console's routes under `/api/console` say: types only. Times are RFC 3339 in UTC. */
import type { KeyRecord } from '../identity/ports.ts';
import type { BackendSpeed } from '../inference/ports.ts';
import type { RecordView, StaffEntry, UsageRow } from '../record/schema.ts';

export type LocalText = Readonly<Record<string, string>>;

/** `GET /api/session` and the answer of `POST /api/session`. */
export interface SessionView {
  readonly role: 'administrator' | 'operator' | 'auditor' | 'caller';
}

/** Something that runs out or must be looked at again. */
export interface Clock {
  readonly kind: 'policy-review' | 'purpose-review' | 'evidence' | 'key' | 'case';
  readonly name: string;
  /** RFC 3339 or a date. */
  readonly dueAt: string;
  /** Who has to act, where that is known. */
  readonly owner: string | null;
}

/**
 * `serving` answers; `limited` only for some data; `held` something keeps it from being asked; `failing` it was asked and did
 * not answer; `idle` nothing asked of it.
 */
export type BackendState = 'serving' | 'limited' | 'held' | 'failing' | 'idle';

export interface BackendView {
  readonly id: string;
  readonly model: string | null;
  readonly dialect: string;
  readonly site: string;
  readonly place: string;
  readonly jurisdiction: string;
  readonly inCountry: boolean;
  readonly operator: string;
  readonly operatorJurisdiction: string;
  readonly parentJurisdiction: string;
  readonly clearance: { readonly level: string; readonly caveats: readonly string[] };
  readonly state: BackendState;
  /** Why it is held, or null. */
  readonly obstacle: string | null;
  /** The last hour, as the gateways measured it. Times are milliseconds until the first byte, to 5 per cent. */
  readonly speed: BackendSpeed;
  /** Entries of the last 24 hours that it answered. */
  readonly answers: number;
  /** The newest evidence for its claims: days ago, or null without evidence. */
  readonly evidenceAgeDays: number | null;
  /** All gateways together, now. */
  readonly live: {
    readonly running: number;
    /** For a place. */
    readonly waiting: number;
    readonly places: number;
    /** Left alone after faults or because it is busy, so many seconds more; 0 when it is asked. */
    readonly restSeconds: number;
    /** Tokens of answers for each second of answering, since the gateways started; null before any. */
    readonly tokensPerSecond: number | null;
  };
  /** For a million tokens. */
  readonly price: { readonly input: number; readonly output: number; readonly currency: string };
  readonly whPer1000Tokens: number | null;
}

/** `GET /api/console/overview` */
export interface OverviewView {
  readonly record: RecordView;
  readonly backends: readonly BackendView[];
  /** Soonest first. */
  readonly clocks: readonly Clock[];
  readonly policies: number;
  readonly keys: number;
}

export interface PolicyView {
  readonly id: string;
  readonly set: 'red-lines' | 'law';
  readonly effect: 'permit' | 'forbid';
  readonly name: string;
  readonly sentence: LocalText;
  readonly legalBasis: string;
  readonly owner: string;
  readonly reviewDate: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Facts of one decision. `mode` `quoted` needs no model. */
export interface DecisionWish {
  readonly tenant: string;
  readonly purpose: string;
  readonly level: string;
  readonly caveats: readonly string[];
  /** Of models.yaml, or `auto`. */
  readonly model: string;
  readonly mode: 'chat' | 'quoted';
}

/** A clause that spoke. `on`: the backends that it allowed or barred. */
export interface SpokenClause {
  readonly id: string;
  readonly set: 'red-lines' | 'law' | 'built-in';
  readonly name: string;
  readonly sentence: LocalText;
  readonly legalBasis: string;
  readonly did: 'allowed' | 'forbade';
  readonly on: readonly string[];
}

export interface DecisionChain {
  readonly facts: DecisionWish;
  readonly outcome: 'allowed' | 'denied';
  /** In the order in which the law is read: red lines, the charter's law, what the platform itself demands. */
  readonly clauses: readonly SpokenClause[];
  /** Clauses that decided nothing here. */
  readonly silent: number;
  readonly considered: readonly {
    readonly backend: string;
    readonly allowed: boolean;
    readonly inCountry: boolean;
    readonly clauses: readonly string[];
  }[];
  /** Single changes of one fact that turn the outcome, found by deciding again. */
  readonly alternatives: readonly Alternative[];
  /** How many single changes were tried. */
  readonly tried: number;
}

export interface Alternative {
  readonly fact: 'level' | 'caveat' | 'purpose' | 'tenant' | 'model';
  /** The value that would have to be instead; for a caveat the one that would have to go. */
  readonly value: string;
  readonly outcome: 'allowed' | 'denied';
  readonly inCountry: boolean;
  readonly clauses: readonly string[];
}

/** `GET /api/console/grid?purpose=&tenant=&mode=` */
export interface DecisionGrid {
  readonly purpose: string;
  readonly tenant: string;
  readonly backends: readonly {
    readonly id: string;
    readonly place: string;
    readonly jurisdiction: string;
    readonly inCountry: boolean;
  }[];
  readonly rows: readonly {
    readonly level: string;
    readonly caveats: readonly string[];
    readonly cells: readonly { readonly allowed: boolean; readonly clauses: readonly string[] }[];
  }[];
  readonly tenants: readonly string[];
  readonly purposes: readonly string[];
  readonly models: readonly string[];
}

/** `GET /api/console/entries/{log}/{index}` */
export interface EntryView {
  readonly entry: StaffEntry;
  /** Null when the charter of that time is not kept any more. */
  readonly chain: DecisionChain | null;
}

/** `GET /api/console/keys`; `POST` takes a wish, `DELETE …/{id}` revokes. */
export interface KeysView {
  readonly keys: readonly KeyRecord[];
}

export interface CreatedKeyView {
  readonly key: KeyRecord;
  /** Shown once. */
  readonly secret: string;
}

export interface TenantView {
  readonly id: string;
  readonly name: LocalText;
  readonly kind: string;
  readonly purposes: readonly string[];
  readonly clearance: { readonly level: string; readonly caveats: readonly string[] };
  readonly limits: Readonly<Record<string, number>>;
  readonly keys: number;
}

/** `GET /api/console/usage` */
export interface UsageView {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly UsageRow[];
}

/** One limit of one owner, `GET /api/console/budgets`. Money and energy in whole units. */
export interface BudgetView {
  /** Such as `tenant:school` or `project:school/tutor`. */
  readonly owner: string;
  /** Such as `moneyPerMonth`. */
  readonly kind: string;
  readonly limit: number;
  /** Null for minutes and places, which gateways count in memory. */
  readonly used: number | null;
  readonly left: number | null;
  /** `Wh`, or the currency of the charter; null where things are counted. */
  readonly unit: string | null;
  readonly resetsAt: string | null;
}

/** `GET /api/console/charter` */
export interface CharterView {
  readonly digest: string;
  readonly status: string;
  readonly country: LocalText;
  readonly files: readonly { readonly path: string; readonly text: string; readonly bytes: number }[];
  readonly history: readonly {
    readonly digest: string;
    readonly status: string;
    readonly proposedAt: string;
    readonly adoptedAt: string | null;
  }[];
}

export interface CaseRow {
  readonly number: string;
  readonly reason: string;
  readonly state: string;
  readonly createdAt: string;
  readonly dueAt: string;
  readonly institution: LocalText;
  readonly mode: string;
  readonly entry: { readonly log: string; readonly index: string } | null;
}
