import type pg from 'pg';
import type { RecordStore } from '../../record/ports.ts';
import type { DayCount, EntryEnd, EntryPlace, Span } from '../../record/schema.ts';
import { findEntry, listEntries } from './list-entries.ts';

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
    list: (wish) => listEntries(pool, wish),
    find: (log, index) => findEntry(pool, log, index),
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
  const { rows } = await pool.query<{
    from: Date;
    all: number;
    in_country: number;
    abroad: number;
    refused: number;
  }>(
    `SELECT series AS from, count(log) AS all,
       count(*) FILTER (WHERE ended = 'complete' AND place = 'in-country') AS in_country,
       count(*) FILTER (WHERE ended = 'complete' AND place LIKE 'abroad%') AS abroad,
       count(*) FILTER (WHERE ended = 'refused') AS refused
     FROM generate_series(date_trunc($1, $2::timestamptz, 'UTC') - ($3 - 1) * ('1 ' || $1)::interval,
       date_trunc($1, $2::timestamptz, 'UTC'), ('1 ' || $1)::interval) AS series
     LEFT JOIN record_entry ON ended_at >= series AND ended_at < series + ('1 ' || $1)::interval
     GROUP BY series ORDER BY series`,
    [unit, new Date(nowMs), count],
  );
  return rows.map(({ from, all, in_country: inCountry, abroad, refused }) => ({
    from: from.toISOString(),
    all,
    inCountry,
    abroad,
    refused,
  }));
}
