import pg from 'pg';
import { Problem, utf8 } from '../../kit/index.ts';
import type { Intent, Outcome, Recorder } from '../../ledger/ports.ts';
import { closeDecisions } from './close-decisions.ts';
import { encodeByteaArray, encodeIdArray } from './encode-array.ts';
import { GroupCommit } from './group-commit.ts';

/** The answer was made and paid for: its outcome may wait longer. */
const OUTCOME_WAIT_MS = 5_000;
/** The longest that a timer can be set for. */
const FOREVER_MS = 2 ** 31 - 1;
const BATCH_MAX = 1_000;

export interface RecorderOptions {
  /** A `postgres://` address: group commits have connections of their own. */
  readonly url: string;
  /** Id of this process's row in `worker`. */
  readonly worker: string;
  /** Intents, and refusals, that may wait. Outcomes are not bounded here: each has the place that its intent reserved. */
  readonly intentsMax?: number;
  /** How long an intent may wait, milliseconds. Nothing was sent then. */
  readonly intentWaitMs?: number;
  /** How long an outcome may wait, milliseconds. The client is told then that its answer is not complete. */
  readonly outcomeWaitMs?: number;
}

/** The path: half a second of waiting at step 6 is a 503 before anything was sent. */
const INTENT_WAIT_MS = 500;
const INTENTS_MAX = 4_096;

export interface OpenRecorder extends Recorder {
  /** Takes nothing more; resolves when all that was taken is durable or refused. */
  close(): Promise<void>;
}

/** Steps 6 and 9, the only SQL on the path: one flush at a time for each lane; the next takes all that came meanwhile. */
export function openRecorder(options: RecorderOptions): OpenRecorder {
  const {
    url,
    worker,
    intentsMax = INTENTS_MAX,
    intentWaitMs = INTENT_WAIT_MS,
    outcomeWaitMs = OUTCOME_WAIT_MS,
  } = options;
  const pool = openPool(url);
  const intents = new GroupCommit<Intent, void>({
    flush: (items) => insertIntents(pool, worker, items),
    settleLate: (items) => forgetIntents(pool, items),
    waitMs: intentWaitMs,
    queueMax: intentsMax,
    batchMax: BATCH_MAX,
  });
  const closing = {
    flush: (items: readonly Outcome[]) => closeBatch(pool, worker, items),
    settleLate: async () => {},
    batchMax: BATCH_MAX,
  };
  const surrendered = new GroupCommit<string, void>({
    flush: (receiptIds) => surrenderIntents(pool, receiptIds),
    settleLate: async () => {},
    waitMs: FOREVER_MS,
    queueMax: Number.POSITIVE_INFINITY,
    batchMax: BATCH_MAX,
  });
  const outcomes = new GroupCommit<Outcome, Recorded>({
    ...closing,
    waitMs: outcomeWaitMs,
    queueMax: Number.POSITIVE_INFINITY,
    dropped: (items) => {
      // If this fails too, the lease of this process decides.
      for (const { receiptId } of items) surrendered.push(receiptId).catch(() => {});
    },
  });
  const refusals = new GroupCommit<Outcome, Recorded>({ ...closing, waitMs: intentWaitMs, queueMax: intentsMax });
  return {
    recordIntent: (intent) => intents.push(intent),
    recordOutcome: (outcome) => (outcome.hasIntent ? outcomes : refusals).push(outcome),
    async close() {
      await Promise.all([intents.close(), outcomes.close(), refusals.close()]);
      await surrendered.close();
      await pool.end();
    },
  };
}

/** Clients were told that these answers are not complete: the reaper closes them as unfinished. */
async function surrenderIntents(pool: pg.Pool, receiptIds: readonly string[]): Promise<() => undefined> {
  await pool.query('UPDATE intent SET given_up = true WHERE receipt_id = ANY ($1::bytea[])', [
    encodeIdArray(receiptIds),
  ]);
  return () => undefined;
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'polity-recorder',
    // One for each lane.
    max: 3,
    connectionTimeoutMillis: 2_000,
    query_timeout: 10_000,
    keepAlive: true,
    // Whatever the server's default is: what we acknowledge is on the disk. And everything here is found by its key: plans
    // are kept from when the tables were empty, and a scan would read every dead row of a table that only has those.
    options: '-c synchronous_commit=on -c enable_seqscan=off',
  });
  // The next flush reports a lost connection.
  pool.on('error', () => {});
  return pool;
}

type Recorded = 'recorded' | 'superseded';

/** The lock on the worker's row makes the reaper wait, so that no intent is born behind its back. */
const INSERT_INTENTS = `
WITH alive AS MATERIALIZED (
  SELECT id FROM worker WHERE id = $1 AND lease_until > now() FOR KEY SHARE
), added AS (
  INSERT INTO intent (receipt_id, worker, draft, holdings, account)
    SELECT t.receipt_id, alive.id, t.draft, t.holdings, t.account
    FROM alive, unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) AS t (receipt_id, draft, holdings, account)
    ON CONFLICT DO NOTHING
)
SELECT count(*) AS alive FROM alive`;

async function insertIntents(
  pool: pg.Pool,
  worker: string,
  intents: readonly Intent[],
): Promise<() => Problem | undefined> {
  const { rows } = await pool.query<{ alive: number }>({
    name: 'ledger-intents',
    text: INSERT_INTENTS,
    values: [
      worker,
      encodeIdArray(intents.map((one) => one.receiptId)),
      encodeByteaArray(intents.map((one) => one.draft)),
      encodeByteaArray(
        intents.map((one) => (one.holdings.length === 0 ? NO_HOLDINGS : utf8(JSON.stringify(one.holdings)))),
      ),
      encodeByteaArray(intents.map((one) => one.account)),
    ],
  });
  if (rows[0]?.alive === 1) return () => undefined;
  const problem = new Problem('ledger-unavailable', 'the lease of this process has run out; try again shortly', {
    retryAfterMs: 1_000,
  });
  return () => problem;
}

const NO_HOLDINGS = utf8('[]');

/** Their callers were told 503 and sent nothing: there is nothing to close. */
async function forgetIntents(pool: pg.Pool, intents: readonly Intent[]): Promise<void> {
  await pool.query('DELETE FROM intent WHERE receipt_id = ANY ($1::bytea[])', [
    encodeIdArray(intents.map((one) => one.receiptId)),
  ]);
}

async function closeBatch(
  pool: pg.Pool,
  worker: string,
  outcomes: readonly Outcome[],
): Promise<(one: Outcome) => 'recorded' | 'superseded'> {
  const superseded = await closeDecisions(pool, worker, outcomes);
  return ({ receiptId }) => (superseded.has(receiptId) ? 'superseded' : 'recorded');
}
