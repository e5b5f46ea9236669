/** The record of decided entries, for the public page and the console: types only. Times are RFC 3339 in UTC. */

export type EntryPlace = 'in-country' | 'abroad' | 'abroad-masked' | 'not-sent';
export type EntryEnd = 'complete' | 'refused' | 'failed' | 'unfinished';

/** One decided entry, as anybody may see it. */
export interface PublicEntry {
  readonly log: string;
  /** Decimal. */
  readonly index: string;
  /** To the minute. */
  readonly time: string;
  readonly ended: EntryEnd;
  readonly kind: 'quoted' | 'chat';
  readonly place: EntryPlace;
  readonly jurisdiction: string | null;
  readonly site: string | null;
  readonly level: string;
  readonly clauses: readonly string[];
  /** The leaf's commitment, hexadecimal. */
  readonly commitment: string;
}

/** For the console. */
export interface StaffEntry extends PublicEntry {
  readonly caveats: readonly string[];
  readonly tenant: string;
  readonly purpose: string;
  readonly backend: string | null;
  readonly model: string | null;
  readonly charter: string;
  readonly requestedModel: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** `?log=&before=&limit=&place=&ended=&level=&clause=&caveat=&backend=&hours=`; newest first. */
export interface EntryWish {
  readonly log?: string;
  /** Only entries older than this one; in the address `log/index`. */
  readonly before?: { readonly log: string; readonly index: number };
  readonly limit: number;
  /** `abroad` takes those with replaced names too. */
  readonly place?: string;
  readonly ended?: string;
  readonly level?: string;
  readonly clause?: string;
  /** Data with this caveat; `any`: with some caveat. */
  readonly caveat?: string;
  readonly backend?: string;
  /** Only those of the last hours. */
  readonly hours?: number;
}

export interface EntryPage<Entry> {
  readonly entries: readonly Entry[];
  /** For `before` of the next page, or null. */
  readonly next: string | null;
}

export interface Span {
  /** Beginning of the hour or day. */
  readonly from: string;
  /** All entries, however they ended. */
  readonly all: number;
  readonly inCountry: number;
  readonly abroad: number;
  readonly refused: number;
}

export interface DayCount {
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  readonly unfinished: number;
  readonly places: readonly {
    readonly place: EntryPlace;
    readonly jurisdiction: string | null;
    readonly count: number;
  }[];
  /** Entries with any caveat that ran outside the country. */
  readonly personalAbroad: number;
  /** The entries that were counted, or null when there were none. */
  readonly counted: { readonly log: string; readonly first: string; readonly last: string } | null;
}

/** `GET /api/record`: the last 24 hours and the evidence for the five questions. */
export interface RecordView {
  readonly at: string;
  readonly day: DayCount;
  /** 24, oldest first. */
  readonly hours: readonly Span[];
  /** 14, oldest first. */
  readonly days: readonly Span[];
  readonly backends: readonly {
    readonly id: string;
    readonly model: string | null;
    readonly place: string;
    readonly jurisdiction: string;
    readonly operator: string;
    readonly inCountry: boolean;
  }[];
  readonly charter: {
    readonly digest: string;
    readonly status: string;
    readonly adoptedAt: string | null;
    readonly lawClauses: number;
    readonly redLineClauses: number;
    readonly redLines: readonly { readonly set: string; readonly sha256: string }[];
  };
  readonly collection: readonly { readonly language: string; readonly documents: number; readonly checked: number }[];
  readonly contested: { readonly total: number };
}

/** By what usage can be told apart. */
export const usageGroups = ['tenant', 'project', 'key', 'purpose', 'model', 'backend'] as const;
export type UsageGroup = (typeof usageGroups)[number];

/** Days are UTC, `2026-11-24`; both ends are included. */
export interface UsageWish {
  readonly from: string;
  readonly to: string;
  /** Days apart, or the whole range as one. */
  readonly daily: boolean;
  readonly groups: readonly UsageGroup[];
  /** Only these. */
  readonly only: Readonly<Partial<Record<UsageGroup, string>>>;
}

/** Sums of one day, or of the whole range, and one combination of the groups. */
export interface UsageRow {
  /** Null: of the whole range. */
  readonly day: string | null;
  /** The groups that were asked for; empty where there is none, such as a key without a project. */
  readonly group: Readonly<Partial<Record<UsageGroup, string>>>;
  readonly currency: string;
  /** Of the backend, where backends are told apart. */
  readonly site: string | null;
  readonly operator: string | null;
  readonly requests: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  readonly refused: number;
  /** Failed, or left by the client. */
  readonly failed: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Millionths: of the currency, of a watt-hour, of a gram. */
  readonly moneyMicros: number;
  readonly energyMicroWh: number;
  readonly co2MicroGrams: number;
  /** Tokens of backends for which nobody knows a figure: they are in none of the two sums above. */
  readonly tokensWithoutEnergy: number;
  readonly tokensWithoutCo2: number;
  /** Of the requests: those whose tokens nobody but us counted. */
  readonly counted: number;
}
