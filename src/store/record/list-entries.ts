import type pg from 'pg';
import type { EntryEnd, EntryPage, EntryPlace, EntryWish, StaffEntry } from '../../record/schema.ts';

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

/** Newest first; of several logs the later one first. */
export async function listEntries(pool: pg.Pool, wish: EntryWish): Promise<EntryPage<StaffEntry>> {
  const { rows } = await pool.query<EntryRow>(
    `SELECT * FROM record_entry
     WHERE ($1::text IS NULL OR log = $1) AND ($2::text IS NULL OR (log, index) < ($2, $3::bigint))
       AND ($4::text IS NULL OR place = $4 OR ($4 = 'abroad' AND place = 'abroad-masked'))
       AND ($5::text IS NULL OR ended = $5) AND ($6::text IS NULL OR level = $6) AND ($7::text IS NULL OR $7 = ANY (clauses))
       AND ($8::text IS NULL OR backend = $8) AND ($9::text IS NULL OR $9 = ANY (caveats) OR ($9 = 'any' AND caveats <> '{}'))
       AND ($10::int IS NULL OR ended_at > now() - make_interval(hours => $10))
     ORDER BY log DESC, index DESC LIMIT $11`,
    [
      wish.log ?? null,
      wish.before?.log ?? null,
      wish.before?.index ?? null,
      wish.place ?? null,
      wish.ended ?? null,
      wish.level ?? null,
      wish.clause ?? null,
      wish.backend ?? null,
      wish.caveat ?? null,
      wish.hours ?? null,
      wish.limit + 1,
    ],
  );
  const entries = rows.slice(0, wish.limit).map(entryOf);
  const last = entries.at(-1);
  return { entries, next: last !== undefined && rows.length > wish.limit ? `${last.log}/${last.index}` : null };
}

export async function findEntry(pool: pg.Pool, log: string, index: number): Promise<StaffEntry | null> {
  const { rows } = await pool.query<EntryRow>(`SELECT * FROM record_entry WHERE log = $1 AND index = $2`, [log, index]);
  return rows[0] === undefined ? null : entryOf(rows[0]);
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
