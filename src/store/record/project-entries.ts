import type pg from 'pg';
import { readEntry } from '../../record/index.ts';

const BATCH = 500;

interface SealedRow {
  readonly log: string;
  readonly index: number;
  readonly payload: Buffer;
  readonly leaf: Buffer;
}

/**
 * Brings the record up to the tree, one batch: entries in the order of each log, none twice. Gives how many there were;
 * call again until there are none. OFFSET 0 keeps each decision a look-up: joined freely, all that were ever made are read.
 */
export async function projectEntries(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<SealedRow>(
    `WITH done AS MATERIALIZED (
       SELECT name, (SELECT max(index) FROM record_entry AS r WHERE r.log = name) AS index FROM log
     ), next AS MATERIALIZED (
       SELECT s.* FROM done, LATERAL (
         SELECT log, index, receipt_id FROM sealed
         WHERE log = done.name AND index > coalesce(done.index, -1) ORDER BY index LIMIT ${BATCH}
       ) AS s ORDER BY s.log, s.index LIMIT ${BATCH}
     )
     SELECT next.log, next.index, d.payload, d.leaf FROM next,
       LATERAL (SELECT payload, leaf FROM decision WHERE receipt_id = next.receipt_id OFFSET 0) AS d
     ORDER BY next.log, next.index`,
  );
  if (rows.length === 0) return 0;
  const countries = await readCountries(pool);
  const entries = rows.map(({ log, index, payload, leaf }) => {
    const facts = readEntry(payload, (digest) => countries.get(digest) ?? null);
    // The last 32 bytes are the commitment; before them stands the domain.
    return { ...facts, log, index, leaf: leaf.subarray(-32).toString('hex') };
  });
  await pool.query(
    `INSERT INTO record_entry (log, index, ended_at, ended, endpoint, tenant, purpose, level, caveats, model, backend, site,
       jurisdiction, place, clauses, charter, requested, tokens_in, tokens_out, leaf)
     SELECT log, index, "endedAt", ended, endpoint, tenant, purpose, level, caveats, model, backend, site,
       jurisdiction, place, clauses, charter, "requestedModel", "tokensIn", "tokensOut", decode(leaf, 'hex')
     FROM json_to_recordset($1) AS e(log text, index bigint, "endedAt" timestamptz, ended text, endpoint text, tenant text,
       purpose text, level text, caveats text[], model text, backend text, site text, jurisdiction text, place text,
       clauses text[], charter text, "requestedModel" text, "tokensIn" bigint, "tokensOut" bigint, leaf text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(entries)],
  );
  return rows.length;
}

async function readCountries(pool: pg.Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ digest: string; country: string }>('SELECT digest, country FROM charter_version');
  return new Map(rows.map(({ digest, country }) => [digest, country]));
}
