import pg from 'pg';
import { databaseOf, expectNoLeak } from '../../test/quota-books.ts';

export interface Books {
  readonly intents: number;
  readonly pending: number;
  readonly decisions: number;
  readonly logSize: number;
  readonly unfinished: number;
  /** Receipts that clients were given and that have no leaf, or more than one. */
  readonly strays: number;
  /** Null when what was signed is what was charged and nobody holds anything. */
  readonly leak: string | null;
}

const SETTLE_TRIES = 300;
const SETTLE_MS = 200;
const RECEIPTS_AT_ONCE = 10_000;

/** Once nothing is under way any more. */
export async function checkBooks(data: string, receipts: ReadonlySet<string>): Promise<Books> {
  const leak = await expectNoLeak(data).then(
    () => null,
    (cause: Error) => cause.message,
  );
  const client = new pg.Client({ connectionString: databaseOf(data) });
  await client.connect();
  try {
    return { ...(await settled(client)), strays: await countStrays(client, [...receipts]), leak };
  } finally {
    await client.end();
  }
}

const COUNTS = `SELECT
  (SELECT count(*)::int FROM intent) AS intents,
  (SELECT count(*)::int FROM pending) + (SELECT count(*)::int FROM journal) AS pending,
  (SELECT count(*)::int FROM decision) AS decisions,
  (SELECT size::int FROM log WHERE family = 'decisions' AND state = 'active') AS "logSize",
  (SELECT count(*)::int FROM record_entry WHERE ended = 'unfinished') AS unfinished,
  (SELECT count(*)::int FROM record_entry) AS listed`;

type Counts = Omit<Books, 'strays' | 'leak'> & { readonly listed: number };

/** The ledger takes what is left within a second or two. */
async function settled(client: pg.Client): Promise<Counts> {
  for (let tries = 0; ; tries++) {
    const counts = (await client.query<Counts>(COUNTS)).rows[0] as Counts;
    const isSettled = counts.intents + counts.pending === 0 && counts.listed === counts.decisions;
    if (isSettled || tries === SETTLE_TRIES) return counts;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

async function countStrays(client: pg.Client, receipts: readonly string[]): Promise<number> {
  let found = 0;
  for (let at = 0; at < receipts.length; at += RECEIPTS_AT_ONCE) {
    const ids = receipts.slice(at, at + RECEIPTS_AT_ONCE);
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM decision
       WHERE receipt_id = ANY (SELECT decode(id, 'hex') FROM unnest($1::text[]) AS id)`,
      [ids],
    );
    found += rows[0]?.count ?? 0;
  }
  return receipts.length - found;
}
