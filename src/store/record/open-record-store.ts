import type pg from 'pg';
import type { RecordStore } from '../../record/ports.ts';
import type { DayCount, EntryEnd, EntryPage, EntryPlace, EntryWish, Span, StaffEntry } from '../../record/schema.ts';

const DAY_MS = 86_400_000;

export function openRecordStore(pool: pg.Pool): RecordStore {
  return {
    countDay: (nowMs) => countDay(pool, nowMs),
    spans: (unit, count, nowMs) => spans(pool, { unit, count, nowMs }),
    async answersByBackend(nowMs) {
      const { rows } = await pool.query<{ backend: string; count: number }>(
        `SELECT backend, count(*) FROM record_entry WHERE ended_at > $1 AND ended = 'complete' GROUP BY backend`,
        [new Date(nowMs - DAY_MS)],
      );
      return new Map(rows.map(({ backend, count }) => [backend, count]));
    },
    list: (wish) => list(pool, wish),
    async find(log, index) {
      const { rows } = await pool.query<EntryRow>(`SELECT * FROM record_entry WHERE log = $1 AND index = $2`, [
        log,
        index,
      ]);
      return rows[0] === undefined ? null : entryOf(rows[0]);
    },
  };
}

interface CountRow {
  readonly ended: EntryEnd;
  readonly place: EntryPlace;
  readonly jurisdiction: string | null;
  readonly count: number;
  readonly personal: number;
}

async function countDay(pool: pg.Pool, nowMs: number): Promise<DayCount> {
  const since = new Date(nowMs - DAY_MS);
  const { rows } = await pool.query<CountRow>(
    `SELECT ended, place, jurisdiction, count(*), count(*) FILTER (WHERE cardinality(caveats) > 0) AS personal
     FROM record_entry WHERE ended_at > $1 GROUP BY ended, place, jurisdiction`,
    [since],
  );
  const range = await pool.query<{ log: string; first: number; last: number }>(
    `SELECT log, min(index) AS first, max(index) AS last FROM record_entry WHERE ended_at > $1
     GROUP BY log ORDER BY log DESC LIMIT 1`,
    [since],
  );
  const sum = (wanted: (row: CountRow) => boolean) =>
    rows.filter(wanted).reduce((total, { count }) => total + count, 0);
  const counted = range.rows[0];
  const places = new Map<string, { place: EntryPlace; jurisdiction: string | null; count: number }>();
  for (const { ended, place, jurisdiction, count } of rows) {
    if (ended !== 'complete') continue;
    const key = `${place} ${jurisdiction}`;
    places.set(key, { place, jurisdiction, count: (places.get(key)?.count ?? 0) + count });
  }
  return {
    answered: sum(({ ended }) => ended === 'complete'),
    refused: sum(({ ended }) => ended === 'refused'),
    failed: sum(({ ended }) => ended === 'failed'),
    unfinished: sum(({ ended }) => ended === 'unfinished'),
    places: [...places.values()].sort((a, b) => b.count - a.count),
    personalAbroad: rows
      .filter(({ place }) => place === 'abroad' || place === 'abroad-masked')
      .reduce((total, { personal }) => total + personal, 0),
    counted:
      counted === undefined ? null : { log: counted.log, first: String(counted.first), last: String(counted.last) },
  };
}

interface SpanWish {
  readonly unit: 'hour' | 'day';
  readonly count: number;
  readonly nowMs: number;
}

async function spans(pool: pg.Pool, { unit, count, nowMs }: SpanWish): Promise<Span[]> {
  const { rows } = await pool.query<{ from: Date; in_country: number; abroad: number; refused: number }>(
    `SELECT series AS from,
       count(*) FILTER (WHERE ended = 'complete' AND place = 'in-country') AS in_country,
       count(*) FILTER (WHERE ended = 'complete' AND place LIKE 'abroad%') AS abroad,
       count(*) FILTER (WHERE ended = 'refused') AS refused
     FROM generate_series(date_trunc($1, $2::timestamptz, 'UTC') - ($3 - 1) * ('1 ' || $1)::interval,
       date_trunc($1, $2::timestamptz, 'UTC'), ('1 ' || $1)::interval) AS series
     LEFT JOIN record_entry ON ended_at >= series AND ended_at < series + ('1 ' || $1)::interval
     GROUP BY series ORDER BY series`,
    [unit, new Date(nowMs), count],
  );
  return rows.map(({ from, in_country: inCountry, abroad, refused }) => ({
    from: from.toISOString(),
    inCountry,
    abroad,
    refused,
  }));
}

interface EntryRow {
  log: string;
  index: number;
  ended_at: Date;
  ended: EntryEnd;
  endpoint: string;
  tenant: string;
  purpose: string;
  level: string;
  caveats: string[];
  model: string | null;
  backend: string | null;
  site: string | null;
  jurisdiction: string | null;
  place: EntryPlace;
  clauses: string[];
  charter: string;
  requested: string;
  tokens_in: number;
  tokens_out: number;
  leaf: Buffer;
}

async function list(pool: pg.Pool, wish: EntryWish): Promise<EntryPage<StaffEntry>> {
  const { rows } = await pool.query<EntryRow>(
    `SELECT * FROM record_entry
     WHERE ($1::text IS NULL OR log = $1) AND ($2::bigint IS NULL OR index < $2) AND ($3::text IS NULL OR place = $3)
       AND ($4::text IS NULL OR ended = $4) AND ($5::text IS NULL OR level = $5) AND ($6::text IS NULL OR $6 = ANY (clauses))
       AND ($7::text IS NULL OR backend = $7) AND ($8::int IS NULL OR ended_at > now() - make_interval(hours => $8))
     ORDER BY log DESC, index DESC LIMIT $9`,
    [
      wish.log ?? null,
      wish.before ?? null,
      wish.place ?? null,
      wish.ended ?? null,
      wish.level ?? null,
      wish.clause ?? null,
      wish.backend ?? null,
      wish.hours ?? null,
      wish.limit + 1,
    ],
  );
  const entries = rows.slice(0, wish.limit).map(entryOf);
  return { entries, next: rows.length > wish.limit ? (entries.at(-1)?.index ?? null) : null };
}

const MINUTE_MS = 60_000;

function entryOf(row: EntryRow): StaffEntry {
  const { log, ended, tenant, purpose, level, caveats, model, backend, site, jurisdiction, place, clauses, charter } =
    row;
  return {
    log,
    index: String(row.index),
    time: new Date(Math.floor(row.ended_at.getTime() / MINUTE_MS) * MINUTE_MS).toISOString(),
    ended,
    kind: row.endpoint === '/v1/quotes' ? 'quoted' : 'chat',
    place,
    jurisdiction,
    site,
    level,
    clauses,
    commitment: row.leaf.toString('hex'),
    caveats,
    tenant,
    purpose,
    backend,
    model,
    charter,
    requestedModel: row.requested,
    tokensIn: row.tokens_in,
    tokensOut: row.tokens_out,
  };
}
