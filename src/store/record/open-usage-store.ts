import type pg from 'pg';
import { Problem } from '../../kit/index.ts';
import type { AccountState, UsageStore } from '../../record/ports.ts';
import { type UsageGroup, type UsageRow, type UsageWish, usageGroups } from '../../record/schema.ts';

/** Bounds what one answer holds: a year by key is far below it. */
const ROWS_MAX = 200_000;
/** So few that nobody else waits long while they are written. */
const PAGE = 1_000;

export function openUsageStore(pool: pg.Pool): UsageStore {
  return {
    count: (wish) => countUsage(pool, wish),
    pages: (wish) => pageUsage(pool, wish),
    accounts: (nowMs) => readAccounts(pool, nowMs),
  };
}

/** A part of the sums would look like all of them. */
async function countUsage(pool: pg.Pool, wish: UsageWish): Promise<UsageRow[]> {
  const { rows } = await readUsage(pool, wish, { limit: ROWS_MAX + 1, after: null });
  if (rows.length <= ROWS_MAX) return rows;
  const detail = `these are more than ${ROWS_MAX} rows; ask for fewer days, tell fewer things apart, or take the CSV of the console`;
  throw new Problem('invalid-request', detail);
}

async function* pageUsage(pool: pg.Pool, wish: UsageWish): AsyncGenerator<UsageRow[]> {
  let after: Place | null = null;
  do {
    const page: UsagePage = await readUsage(pool, wish, { limit: PAGE, after });
    if (page.rows.length > 0) yield page.rows;
    after = page.rows.length < PAGE ? null : page.last;
  } while (after !== null);
}

const sums = `sum(requests)::bigint AS requests, sum(retries)::bigint AS retries, sum(refused)::bigint AS refused,
  sum(failed)::bigint AS failed, sum(tokens_in)::bigint AS "tokensIn", sum(tokens_out)::bigint AS "tokensOut",
  sum(money_micros)::bigint AS "moneyMicros", sum(energy_micro_wh)::bigint AS "energyMicroWh",
  sum(co2_micro_grams)::bigint AS "co2MicroGrams", sum(counted)::bigint AS counted,
  ${unknown('energy_micro_wh')} AS "tokensWithoutEnergy", ${unknown('co2_micro_grams')} AS "tokensWithoutCo2"`;

/** A row is of one backend, and no backend runs on nothing: a sum of 0 is a figure that nobody has. */
function unknown(column: 'energy_micro_wh' | 'co2_micro_grams'): string {
  return `coalesce(sum(tokens_in + tokens_out) FILTER (WHERE ${column} = 0), 0)::bigint`;
}

type CountRow = Omit<UsageRow, 'group'> & Partial<Record<UsageGroup, string>>;

/** What rows are told apart and put in order by, of one of them. */
type Place = readonly (string | null)[];

interface UsagePage {
  readonly rows: UsageRow[];
  readonly last: Place | null;
}

/** Names of columns are our own words, never the asker's. */
async function readUsage(
  pool: pg.Pool,
  wish: UsageWish,
  { limit, after }: { readonly limit: number; readonly after: Place | null },
): Promise<UsagePage> {
  const groups = usageGroups.filter((group) => wish.groups.includes(group));
  const only = usageGroups.filter((group) => wish.only[group] !== undefined);
  const site = groups.includes('backend')
    ? 'max(site) AS site, max(operator) AS operator'
    : 'NULL AS site, NULL AS operator';
  const names = [...(wish.daily ? (['day'] as const) : []), ...groups, 'currency' as const];
  // Of the table, or `day` would be the text of the answer, which no index has.
  const keys = names.map((name) => `usage_day.${name}`).join(', ');
  const values: unknown[] = [wish.from, wish.to, ...only.map((group) => wish.only[group])];
  const filters = only.map((group, at) => ` AND ${group} = $${at + 3}`).join('');
  const beyond =
    after === null ? '' : ` AND (${keys}) > (${names.map((_, at) => `$${values.length + at + 1}`).join(', ')})`;
  const { rows } = await pool.query<CountRow>(
    `SELECT ${wish.daily ? 'day::text AS day' : 'NULL AS day'}, ${[...groups, 'currency'].join(', ')}, ${site}, ${sums}
     FROM usage_day WHERE day BETWEEN $1 AND $2${filters}${beyond} GROUP BY ${keys} ORDER BY ${keys} LIMIT ${limit}`,
    [...values, ...(after ?? [])],
  );
  const end = rows.at(-1);
  return {
    last: end === undefined ? null : names.map((name) => end[name] ?? null),
    rows: rows.map(({ tenant, project, key, purpose, model, backend, ...row }) => {
      const all: Readonly<Record<UsageGroup, string | undefined>> = { tenant, project, key, purpose, model, backend };
      return { ...row, group: Object.fromEntries(groups.map((group) => [group, all[group] ?? ''])) };
    }),
  };
}

interface AccountRow {
  readonly owner: string;
  readonly kind: string;
  readonly windowStartMs: number;
  readonly used: number;
  readonly held: number;
}

const DAYS_OF_A_MONTH_MS = 31 * 86_400_000;

/** Days and months are durable with each outcome. What gateways hold beyond is a slice for what comes next. */
async function readAccounts(pool: pg.Pool, nowMs: number): Promise<AccountState[]> {
  const { rows } = await pool.query<AccountRow>(
    `SELECT a.owner, a.limit_kind AS kind, a.window_start_ms AS "windowStartMs",
       a.settled + coalesce(sum(l.spent), 0)::bigint AS used, a.leased - coalesce(sum(l.spent), 0)::bigint AS held
     FROM quota_account AS a LEFT JOIN quota_lease AS l ON l.ended_at IS NULL AND l.owner = a.owner
       AND l.limit_kind = a.limit_kind AND l.window_start_ms = a.window_start_ms
     WHERE a.window_start_ms = 0 OR a.window_start_ms > $1
     GROUP BY a.owner, a.limit_kind, a.window_start_ms ORDER BY a.owner, a.limit_kind, a.window_start_ms`,
    [nowMs - DAYS_OF_A_MONTH_MS],
  );
  return rows.map(({ used, ...row }) => ({ ...row, used: /Per(Day|Month)$/.test(row.kind) ? used : null }));
}
