/** What the record asks of storage. */
import type { DayCount, EntryPage, EntryWish, Span, StaffEntry } from './schema.ts';

/** What an entry says, read from its signed statement. */
export interface EntryFacts extends Omit<StaffEntry, 'log' | 'index' | 'time' | 'commitment' | 'kind'> {
  /** RFC 3339, whole seconds. */
  readonly endedAt: string;
  readonly endpoint: string;
}

export interface RecordStore {
  countDay(nowMs: number): Promise<DayCount>;
  spans(unit: 'hour' | 'day', count: number, nowMs: number): Promise<readonly Span[]>;
  /** Complete answers of the last 24 hours, by backend. */
  answersByBackend(nowMs: number): Promise<ReadonlyMap<string, number>>;
  list(wish: EntryWish): Promise<EntryPage<StaffEntry>>;
  find(log: string, index: number): Promise<StaffEntry | null>;
}
