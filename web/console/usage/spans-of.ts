const DAY_MS = 86_400_000;
/** More bars than this are finer than anybody sees. */
const DAYS_MAX = 120;
const WEEK = 7;

export interface Span {
  /** First day. */
  readonly day: string;
  readonly count: number;
}

export interface Spans {
  readonly isWeekly: boolean;
  readonly spans: readonly Span[];
}

/** What happened on each day from the first to the last one, or in each week of a long time: nothing is left out. */
export function spansOf(counts: ReadonlyMap<string, number>, from: string, to: string): Spans {
  const first = Date.parse(from);
  const days = Math.max(1, Math.round((Date.parse(to) - first) / DAY_MS) + 1);
  const step = days > DAYS_MAX ? WEEK : 1;
  const dayAt = (at: number) => new Date(first + at * DAY_MS).toISOString().slice(0, 10);
  const spans: Span[] = [];
  for (let at = 0; at < days; at += step) {
    let count = 0;
    for (let day = at; day < Math.min(at + step, days); day++) count += counts.get(dayAt(day)) ?? 0;
    spans.push({ day: dayAt(at), count });
  }
  return { isWeekly: step === WEEK, spans };
}
