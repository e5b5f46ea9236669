import pg from 'pg';
import { Problem } from '../../kit/index.ts';
import { JournalPacker, type JournalRecord } from '../../ledger/index.ts';
import type { Recorder } from '../../ledger/ports.ts';
import { GroupCommit, type WaitingRule } from './group-commit.ts';
import { JournalWriter } from './write-journal.ts';

/** The answer was made and paid for: its outcome may wait longer. */
const OUTCOME_WAIT_MS = 5_000;
const BATCH_MAX = 1_000;

export interface RecorderOptions {
  /** A `postgres://` address: group commits have a connection of their own. */
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

type Recorded = 'recorded' | 'superseded';
type Rule = WaitingRule<JournalRecord>;

/** Steps 6 and 9, the only SQL on the path: one row of the journal at a time; the next takes all that came meanwhile. */
export function openRecorder(options: RecorderOptions): OpenRecorder {
  const {
    url,
    worker,
    intentsMax = INTENTS_MAX,
    intentWaitMs = INTENT_WAIT_MS,
    outcomeWaitMs = OUTCOME_WAIT_MS,
  } = options;
  const pool = openPool(url);
  const commit = new GroupCommit<JournalRecord, Recorded>({
    flush: openFlush(pool, worker),
    batchMax: BATCH_MAX,
  });
  const asideOf = (kind: 'forgotten' | 'surrendered') => (record: JournalRecord) => {
    const receiptId = receiptIdOf(record);
    if (receiptId !== null) commit.pushAside({ kind, receiptId });
  };
  // Its caller was told 503 and sent nothing: there is nothing to close.
  const intents: Rule = { waitMs: intentWaitMs, queueMax: intentsMax, late: asideOf('forgotten') };
  // Its client was told that the answer is not complete: the ledger closes it as unfinished. If this is not recorded
  // either, the lease of this process decides.
  const outcomes: Rule = {
    waitMs: outcomeWaitMs,
    queueMax: Number.POSITIVE_INFINITY,
    dropped: asideOf('surrendered'),
  };
  const refusals: Rule = { waitMs: intentWaitMs, queueMax: intentsMax };
  return {
    async recordIntent(intent) {
      await commit.push({ kind: 'intent', intent }, intents);
    },
    recordOutcome: (outcome) =>
      commit.push({ kind: 'outcome', outcome }, outcome.beginning === null ? outcomes : refusals),
    async close() {
      await commit.close();
      await pool.end();
    },
  };
}

function receiptIdOf(record: JournalRecord): string | null {
  if (record.kind === 'intent') return record.intent.receiptId;
  return record.kind === 'outcome' ? record.outcome.receiptId : null;
}

type Flush = (records: readonly JournalRecord[]) => Promise<(record: JournalRecord) => Recorded | Problem>;

function openFlush(pool: pg.Pool, worker: string): Flush {
  const writer = new JournalWriter(pool, worker);
  const packer = new JournalPacker();
  let packed: { readonly records: readonly JournalRecord[]; readonly items: Buffer } | null = null;
  return async (records) => {
    // The same records again: the answer to the same batch was lost.
    if (packed?.records !== records) {
      packed = { records, items: packer.pack(records) };
      writer.begin();
    }
    const spent = records.flatMap((record) => (record.kind === 'outcome' ? record.outcome.spent : []));
    const result = await writer.write({ items: packed.items, records: records.length, spent });
    packed = null;
    return result === 'taken' ? () => 'recorded' : refuse;
  };
}

function refuse(record: JournalRecord): Recorded | Problem {
  if (record.kind === 'outcome' && record.outcome.beginning === null) return 'superseded';
  return new Problem('ledger-unavailable', 'the lease of this process has run out; try again shortly', {
    retryAfterMs: 1_000,
  });
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'polity-recorder',
    max: 1,
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
