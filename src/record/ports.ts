/** What the record asks of storage. */
import type { DayCount, EntryPage, EntryWish, Span, StaffEntry, UsageRow, UsageWish } from './schema.ts';

/** What an entry says that others of the same circumstances say too. */
export interface SharedFacts
  extends Omit<StaffEntry, 'log' | 'index' | 'time' | 'commitment' | 'kind' | 'ended' | 'tokensIn' | 'tokensOut'> {
  readonly endpoint: string;
  readonly currency: string;
  readonly operator: string | null;
}

/** What an entry says, as its signed statement does. */
export interface EntryFacts extends Pick<StaffEntry, 'ended' | 'tokensIn' | 'tokensOut'> {
  /** The same object may stand in many entries. */
  readonly shared: SharedFacts;
  /** Wall milliseconds. */
  readonly endedAtMs: number;
  /** Millionths of the currency. */
  readonly moneyMicros: number;
  /** Of one request, from 1. */
  readonly attempt: number;
  readonly usageSource: string;
}

/** What the count of usage needs beside a statement; written by the path, never signed. */
export interface EntryAccount {
  readonly key?: string;
  readonly project?: string;
  readonly energyMicroWh?: number;
  readonly co2MicroGrams?: number;
}

/** Whoever runs the service and would send the invoice. */
export interface Issuer {
  readonly name: string;
  /** Host name of the service. */
  readonly id: string;
  tenantName(id: string): string;
}

/** Totals of days, kept for good. */
export interface UsageStore {
  /** In the order of the days, then of the groups. @throws Problem `invalid-request` when that is more than one answer holds */
  count(wish: UsageWish): Promise<readonly UsageRow[]>;
  /** The same without an end to how many: in pages, each as it is when it is read. None comes twice, and none is left out. */
  pages(wish: UsageWish): AsyncIterable<readonly UsageRow[]>;
  /** What is used and held now of the limits that were asked of so far in their windows. */
  accounts(nowMs: number): Promise<readonly AccountState[]>;
}

/** One limit of one owner, in the window that runs now. Amounts in the account's unit: money and energy in millionths. */
export interface AccountState {
  /** Such as `tenant:school`. */
  readonly owner: string;
  /** Such as `moneyPerMonth`. */
  readonly kind: string;
  /** Wall milliseconds; 0 where there is no window. */
  readonly windowStartMs: number;
  /** Used up; null for windows of a minute and for places, which each gateway counts by itself. */
  readonly used: number | null;
  /** In the hands of gateways. */
  readonly held: number;
}

export interface RecordStore {
  countDay(nowMs: number): Promise<DayCount>;
  spans(unit: 'hour' | 'day', count: number, nowMs: number): Promise<readonly Span[]>;
  /** Complete answers of the last 24 hours, by backend. */
  answersByBackend(nowMs: number): Promise<ReadonlyMap<string, number>>;
  list(wish: EntryWish): Promise<EntryPage<StaffEntry>>;
  find(log: string, index: number): Promise<StaffEntry | null>;
}
