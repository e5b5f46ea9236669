import type pg from 'pg';
import { fromUtf8 } from '../../kit/index.ts';
import { readEntry } from '../../record/index.ts';
import type { EntryAccount } from '../../record/ports.ts';

const BATCH = 500;

interface SealedRow {
  readonly log: string;
  readonly index: number;
  readonly payload: Buffer;
  readonly leaf: Buffer;
  /** Null in an entry from before usage was counted. */
  readonly account: Buffer | null;
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
     SELECT next.log, next.index, d.payload, d.leaf, d.account FROM next,
       LATERAL (SELECT payload, leaf, account FROM decision WHERE receipt_id = next.receipt_id OFFSET 0) AS d
     ORDER BY next.log, next.index`,
  );
  if (rows.length === 0) return 0;
  const countries = await readCountries(pool);
  const entries = rows.map(({ log, index, payload, leaf, account }) => {
    const facts = readEntry(payload, (digest) => countries.get(digest) ?? null);
    // The last 32 bytes are the commitment; before them stands the domain.
    return { ...facts, ...readAccount(account), log, index, leaf: leaf.subarray(-32).toString('hex') };
  });
  await pool.query(PROJECT, [JSON.stringify(entries)]);
  return rows.length;
}

/** One statement: an entry is listed and counted together, or neither. One that is listed already is not counted again. */
const PROJECT = `
WITH e AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1) AS e(log text, index bigint, "endedAt" timestamptz, ended text, endpoint text, tenant text,
    purpose text, level text, caveats text[], model text, backend text, site text, jurisdiction text, place text,
    clauses text[], charter text, "requestedModel" text, "tokensIn" bigint, "tokensOut" bigint, leaf text, attempt int,
    "usageSource" text, "moneyMicros" bigint, currency text, operator text, key text, project text, "energyMicroWh" bigint,
    "co2MicroGrams" bigint)
), added AS (
  INSERT INTO record_entry (log, index, ended_at, ended, endpoint, tenant, purpose, level, caveats, model, backend, site,
      jurisdiction, place, clauses, charter, requested, tokens_in, tokens_out, leaf)
    SELECT log, index, "endedAt", ended, endpoint, tenant, purpose, level, caveats, model, backend, site,
      jurisdiction, place, clauses, charter, "requestedModel", "tokensIn", "tokensOut", decode(leaf, 'hex')
    FROM e ON CONFLICT DO NOTHING RETURNING log, index
)
INSERT INTO usage_day AS old (day, tenant, project, key, purpose, model, backend, currency, site, operator, requests, retries,
    refused, failed, tokens_in, tokens_out, money_micros, energy_micro_wh, co2_micro_grams, counted)
  SELECT ("endedAt" AT TIME ZONE 'UTC')::date, tenant, project, key, purpose, coalesce(model, ''), coalesce(backend, ''),
    currency, coalesce(max(site), ''), coalesce(max(operator), ''), count(*) FILTER (WHERE attempt = 1),
    count(*) FILTER (WHERE attempt > 1), count(*) FILTER (WHERE ended = 'refused'),
    count(*) FILTER (WHERE ended IN ('failed', 'unfinished')), sum("tokensIn"), sum("tokensOut"), sum("moneyMicros"),
    sum("energyMicroWh"), sum("co2MicroGrams"), count(*) FILTER (WHERE "usageSource" IN ('counted', 'reserved'))
  FROM e JOIN added USING (log, index)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ON CONFLICT (day, tenant, project, key, purpose, model, backend, currency) DO UPDATE SET
    site = excluded.site, operator = excluded.operator, requests = old.requests + excluded.requests,
    retries = old.retries + excluded.retries, refused = old.refused + excluded.refused, failed = old.failed + excluded.failed,
    tokens_in = old.tokens_in + excluded.tokens_in, tokens_out = old.tokens_out + excluded.tokens_out,
    money_micros = old.money_micros + excluded.money_micros, energy_micro_wh = old.energy_micro_wh + excluded.energy_micro_wh,
    co2_micro_grams = old.co2_micro_grams + excluded.co2_micro_grams, counted = old.counted + excluded.counted`;

function readAccount(account: Buffer | null): Required<EntryAccount> {
  const known = account === null ? {} : (JSON.parse(fromUtf8(account)) as EntryAccount);
  return { key: '', project: '', energyMicroWh: 0, co2MicroGrams: 0, ...known };
}

async function readCountries(pool: pg.Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ digest: string; country: string }>('SELECT digest, country FROM charter_version');
  return new Map(rows.map(({ digest, country }) => [digest, country]));
}
