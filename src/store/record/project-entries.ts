import type pg from 'pg';
import { fromUtf8 } from '../../kit/index.ts';
import type { SealedDecision } from '../../ledger/index.ts';
import { describeShared, readEntry } from '../../record/index.ts';
import type { EntryAccount, EntryFacts, SharedFacts } from '../../record/ports.ts';
import type { EntryFeed } from './entry-feed.ts';
import { type LogEntry, writeEntries } from './write-entries.ts';

const BATCH = 500;

type Countries = ReadonlyMap<string, string>;

/**
 * Brings the record up to the tree, one batch of one log: entries in their order, none twice. Gives how many there were;
 * call again until there are none. What the feed does not hold is read from the decisions.
 */
export async function projectEntries(pool: pg.Pool, feed: EntryFeed): Promise<number> {
  const { rows } = await pool.query<{ log: string; next: number }>(
    `SELECT l.name AS log, coalesce(p.next, 0) AS next FROM log AS l LEFT JOIN record_position AS p ON p.log = l.name
     WHERE l.family = 'decisions' AND l.size > coalesce(p.next, 0) ORDER BY l.name LIMIT 1`,
  );
  const [due] = rows;
  if (due === undefined) return 0;
  const countries = await readCountries(pool);
  const recent = feed.from(due.log, due.next);
  const entries =
    recent.length > 0 ? describeRecent(recent, due.next, countries) : await readRows(pool, due, countries);
  if (entries.length > 0) await writeEntries(pool, due, entries);
  return entries.length;
}

function describeRecent(decisions: readonly SealedDecision[], first: number, countries: Countries): LogEntry[] {
  const described = new Map<object, SharedFacts>();
  return decisions.map(({ outcome, attempt, circumstances, leaf }, at) => {
    const { stated, currency, key, project } = circumstances;
    let shared = described.get(circumstances);
    if (shared === undefined) {
      shared = describeShared(stated, currency, (digest) => countries.get(digest) ?? null);
      described.set(circumstances, shared);
    }
    return {
      shared,
      index: first + at,
      endedAtMs: outcome.endedAtMs,
      ended: outcome.ended,
      tokensIn: outcome.usage.promptTokens,
      tokensOut: outcome.usage.completionTokens,
      moneyMicros: outcome.moneyMicros,
      attempt,
      usageSource: outcome.usage.source,
      key,
      project,
      ...outcome.footprint,
      commitment: commitmentOf(leaf),
    };
  });
}

interface DecisionRow {
  readonly index: number;
  readonly payload: Buffer;
  readonly leaf: Buffer;
  /** Null in an entry from before usage was counted. */
  readonly account: Buffer | null;
}

async function readRows(
  pool: pg.Pool,
  due: { readonly log: string; readonly next: number },
  countries: Countries,
): Promise<LogEntry[]> {
  const { rows } = await pool.query<DecisionRow>(
    `SELECT index, payload, leaf, account FROM decision WHERE log = $1 AND index >= $2 ORDER BY index LIMIT ${BATCH}`,
    [due.log, due.next],
  );
  return rows.map(({ index, payload, leaf, account }) => {
    const facts: EntryFacts = readEntry(payload, (digest) => countries.get(digest) ?? null);
    return { ...facts, ...readAccount(account), index, commitment: commitmentOf(leaf) };
  });
}

/** The last 32 bytes; before them stands the domain. */
function commitmentOf(leaf: Uint8Array): Uint8Array {
  return leaf.subarray(-32);
}

function readAccount(account: Buffer | null): Required<EntryAccount> {
  const known = account === null ? {} : (JSON.parse(fromUtf8(account)) as EntryAccount);
  return { key: '', project: '', energyMicroWh: 0, co2MicroGrams: 0, ...known };
}

async function readCountries(pool: pg.Pool): Promise<Countries> {
  const { rows } = await pool.query<{ digest: string; country: string }>('SELECT digest, country FROM charter_version');
  return new Map(rows.map(({ digest, country }) => [digest, country]));
}
