import { Problem } from '../kit/index.ts';
import { type UsageGroup, type UsageWish, usageGroups } from './schema.ts';

/** As addresses and the command line name it. */
export interface UsageQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** `day`, or `all` for the whole range as one. */
  readonly every?: string | undefined;
  /** With commas between them. */
  readonly by?: string | undefined;
  readonly only?: Readonly<Partial<Record<UsageGroup, string | undefined>>>;
}

const DAY_MS = 86_400_000;
/** Without a range: today and the days before. */
const DAYS = 30;
/** Ten years: a day more is a mistake in typing. */
const DAYS_MAX = 3_660;

/** @throws Problem `invalid-request` that names the parameter and says what it takes */
export function readUsageWish(question: UsageQuestion, nowMs: number): UsageWish {
  const to = readDay('to', question.to, nowMs);
  const from = readDay('from', question.from, Date.parse(to) - (DAYS - 1) * DAY_MS);
  if (from > to) throw wrong('from', `\`${from}\` is after \`to\`, ${to}; change the two`);
  if (Date.parse(to) - Date.parse(from) > DAYS_MAX * DAY_MS)
    throw wrong('from', `the range is longer than ${DAYS_MAX} days; ask for less at a time`);
  const { every = 'day' } = question;
  if (every !== 'day' && every !== 'all') throw wrong('every', `takes \`day\` or \`all\`, not \`${every}\``);
  return {
    from,
    to,
    daily: every === 'day',
    groups: readGroups(question.by ?? 'tenant'),
    only: readOnly(question.only),
  };
}

function readDay(param: string, text: string | undefined, elseMs: number): string {
  if (text === undefined || text === '') return new Date(elseMs).toISOString().slice(0, 10);
  const atMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-31 would be read as 3 March.
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== text)
    throw wrong(param, `takes a day (UTC) such as \`2026-11-24\`, not \`${text}\``);
  return text;
}

function readGroups(text: string): UsageGroup[] {
  const names = text.split(',').map((name) => name.trim());
  const known = names.filter((name): name is UsageGroup => (usageGroups as readonly string[]).includes(name));
  const odd = names.find((name) => name !== '' && !(known as string[]).includes(name));
  if (odd !== undefined) throw wrong('by', `takes ${usageGroups.join(', ')} with commas between them, not \`${odd}\``);
  return usageGroups.filter((group) => known.includes(group));
}

function readOnly(only: UsageQuestion['only'] = {}): UsageWish['only'] {
  return Object.fromEntries(Object.entries(only).filter(([, name]) => name !== undefined && name !== ''));
}

function wrong(param: string, detail: string): Problem {
  return new Problem('invalid-request', `\`${param}\`: ${detail}`, { param });
}
