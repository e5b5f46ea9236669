import type pg from 'pg';
import type { EntryAccount, EntryFacts, SharedFacts } from '../../record/ports.ts';
import { encodeByteaArray } from '../ledger/encode-array.ts';

export interface LogEntry extends EntryFacts, Required<EntryAccount> {
  readonly index: number;
  /** 32 bytes. */
  readonly commitment: Uint8Array;
}

/**
 * One statement: entries are listed and counted together, or neither. The position moves from where it was read, so that
 * of two who would add the same entries one adds nothing.
 */
const WRITE = `
WITH moved AS MATERIALIZED (
  INSERT INTO record_position AS p (log, next) VALUES ($1, $3)
    ON CONFLICT (log) DO UPDATE SET next = excluded.next WHERE p.next = $2 RETURNING log
), shared AS MATERIALIZED (
  SELECT * FROM json_to_recordset($4) AS s(number int, endpoint text, tenant text, purpose text, level text, caveats text[],
    model text, backend text, site text, jurisdiction text, place text, clauses text[], charter text, "requestedModel" text)
), added AS (
  INSERT INTO record_entry (log, index, ended_at, ended, endpoint, tenant, purpose, level, caveats, model, backend, site,
      jurisdiction, place, clauses, charter, requested, tokens_in, tokens_out, leaf)
    SELECT moved.log, e.index, to_timestamp(e.ended_at), e.ended, endpoint, tenant, purpose, level, caveats, model, backend,
      site, jurisdiction, place, clauses, charter, "requestedModel", e.tokens_in, e.tokens_out, e.leaf
    FROM moved, unnest($5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[], $10::int[], $11::bytea[])
      AS e (index, ended_at, ended, tokens_in, tokens_out, number, leaf) JOIN shared USING (number)
)
INSERT INTO usage_day AS old (day, tenant, project, key, purpose, model, backend, currency, site, operator, requests, retries,
    refused, failed, tokens_in, tokens_out, money_micros, energy_micro_wh, co2_micro_grams, counted)
  SELECT u.day, u.tenant, u.project, u.key, u.purpose, u.model, u.backend, u.currency, u.site, u.operator, u.requests,
    u.retries, u.refused, u.failed, u."tokensIn", u."tokensOut", u."moneyMicros", u."energyMicroWh", u."co2MicroGrams",
    u.counted
  FROM moved, json_to_recordset($12) AS u(day date, tenant text, project text, key text, purpose text, model text,
    backend text, currency text, site text, operator text, requests bigint, retries bigint, refused bigint, failed bigint,
    "tokensIn" bigint, "tokensOut" bigint, "moneyMicros" bigint, "energyMicroWh" bigint, "co2MicroGrams" bigint,
    counted bigint)
  ON CONFLICT (day, tenant, project, key, purpose, model, backend, currency) DO UPDATE SET
    site = excluded.site, operator = excluded.operator, requests = old.requests + excluded.requests,
    retries = old.retries + excluded.retries, refused = old.refused + excluded.refused, failed = old.failed + excluded.failed,
    tokens_in = old.tokens_in + excluded.tokens_in, tokens_out = old.tokens_out + excluded.tokens_out,
    money_micros = old.money_micros + excluded.money_micros, energy_micro_wh = old.energy_micro_wh + excluded.energy_micro_wh,
    co2_micro_grams = old.co2_micro_grams + excluded.co2_micro_grams, counted = old.counted + excluded.counted`;

/** Entries that follow each other from this place on. */
export async function writeEntries(
  pool: pg.Pool,
  from: { readonly log: string; readonly next: number },
  entries: readonly LogEntry[],
): Promise<void> {
  const numbers = new Map<SharedFacts, number>();
  const numberOf = (shared: SharedFacts) => {
    const number = numbers.get(shared) ?? numbers.size;
    numbers.set(shared, number);
    return number;
  };
  // Numbers and known words: a literal of an array, without quoting each.
  const list = (of: (entry: LogEntry) => number | string) => `{${entries.map(of).join(',')}}`;
  const places = list((one) => numberOf(one.shared));
  await pool.query({
    name: 'write-entries',
    text: WRITE,
    values: [
      from.log,
      from.next,
      (entries.at(-1)?.index ?? 0) + 1,
      JSON.stringify([...numbers].map(([shared, number]) => ({ ...shared, number }))),
      list((one) => one.index),
      list((one) => Math.floor(one.endedAtMs / 1000)),
      list((one) => one.ended),
      list((one) => one.tokensIn),
      list((one) => one.tokensOut),
      places,
      encodeByteaArray(entries.map((one) => one.commitment)),
      JSON.stringify([...sumByDay(entries).values()]),
    ],
  });
}

interface Sums {
  requests: number;
  retries: number;
  refused: number;
  failed: number;
  counted: number;
  tokensIn: number;
  tokensOut: number;
  moneyMicros: number;
  energyMicroWh: number;
  co2MicroGrams: number;
}

function sumByDay(entries: readonly LogEntry[]): Map<string, Sums> {
  const days = new Map<string, Sums>();
  for (const entry of entries) {
    const day = dayOf(entry);
    const id = JSON.stringify(Object.values(day));
    let sums = days.get(id);
    if (sums === undefined) {
      const { site, operator } = entry.shared;
      sums = { ...day, site: site ?? '', operator: operator ?? '', ...nothing } as Sums;
      days.set(id, sums);
    }
    sums.requests += entry.attempt === 1 ? 1 : 0;
    sums.retries += entry.attempt > 1 ? 1 : 0;
    sums.refused += entry.ended === 'refused' ? 1 : 0;
    sums.failed += entry.ended === 'failed' || entry.ended === 'unfinished' ? 1 : 0;
    sums.counted += entry.usageSource === 'counted' || entry.usageSource === 'reserved' ? 1 : 0;
    sums.tokensIn += entry.tokensIn;
    sums.tokensOut += entry.tokensOut;
    sums.moneyMicros += entry.moneyMicros;
    sums.energyMicroWh += entry.energyMicroWh;
    sums.co2MicroGrams += entry.co2MicroGrams;
  }
  return days;
}

const nothing: Sums = {
  requests: 0,
  retries: 0,
  refused: 0,
  failed: 0,
  counted: 0,
  tokensIn: 0,
  tokensOut: 0,
  moneyMicros: 0,
  energyMicroWh: 0,
  co2MicroGrams: 0,
};

/** The key of `usage_day`: names that are missing are empty. */
function dayOf({ shared, endedAtMs, key, project }: LogEntry): Record<string, string> {
  const { tenant, purpose, model, backend, currency } = shared;
  const day = new Date(endedAtMs).toISOString().slice(0, 10);
  return { day, tenant, project, key, purpose, model: model ?? '', backend: backend ?? '', currency };
}
