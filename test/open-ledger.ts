/** The ledger's two logs on a real PostgreSQL, with the steps of the ledger process in the hands of the test. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { randomIds, utf8 } from '../src/kit/index.ts';
import { Sealer } from '../src/ledger/index.ts';
import type { Beginning, Intent, Outcome } from '../src/ledger/ports.ts';
import type { Circumstances } from '../src/ledger/schema.ts';
import {
  type Database,
  EntryFeed,
  endWorkers,
  JournalSource,
  openDatabase,
  openKeyFolder,
  openReceiptKey,
  openShard,
  openWorkerLease,
  pendingSource,
  Sequencer,
} from '../src/store/index.ts';
import { createTestDatabase } from './database.ts';

const digest = createHash('sha256').digest('hex');
export const ids = randomIds();

const circumstances: Circumstances = {
  stated: {
    installation: 'test',
    family: 'decisions',
    tenant: 'ministry',
    purpose: { id: 'research', legalBasis: 'Act 1' },
    classification: { level: 'public', caveats: [] },
    endpoint: '/v1/chat/completions',
    requestedModel: 'starter',
    model: null,
    backend: null,
    charter: { digest },
    policy: { digest, outcome: 'allowed', clauses: ['permit'], considered: [] },
    obligations: [],
  },
  currency: 'EUR',
  key: 'key_test',
  project: '',
};

const beginning: Beginning = {
  circumstances: utf8(JSON.stringify(circumstances)),
  attempt: { number: 1, previous: null },
  said: [{ name: 'request/wire', digest: digest }],
  reserved: { tokens: 10, moneyMicros: 5 },
};

export function newIntent(holdings: Intent['holdings'] = []): Intent {
  return { receiptId: ids.receiptId(), holdings, ...beginning };
}

/** Without an intent: a decision that never had one. */
export function newOutcome(intent?: Intent, spent: Outcome['spent'] = []): Outcome {
  return {
    receiptId: intent?.receiptId ?? ids.receiptId(),
    beginning: intent === undefined ? beginning : null,
    ended: 'complete',
    reason: 'stop',
    endedAtMs: Date.UTC(2026, 10, 23, 12),
    usage: { promptTokens: 3, completionTokens: 4, source: 'counted' },
    moneyMicros: 1,
    footprint: { energyMicroWh: 0, co2MicroGrams: 0 },
    said: [{ name: 'answer/text/0', digest: digest }],
    spent,
  };
}

export interface TestLedger {
  readonly url: string;
  readonly database: Database<never>;
  /** A sequencer as a new ledger process would have it, on this pool. Not opened. */
  sequencer(family: string, pool?: pg.Pool): Promise<Sequencer>;
  /** Registers a worker that lives until `end`. */
  worker(id: string): Promise<{ end(): Promise<void> }>;
  /** One round of a new ledger process, which closes what dead workers left. Gives how many entries it made. */
  round(): Promise<number>;
  /** Entries of the rounds, as the ledger process remembers them. */
  readonly feed: EntryFeed;
  count(table: 'intent' | 'decision' | 'pending' | 'journal' | 'worker'): Promise<number>;
  close(): Promise<void>;
}

/** `prepare` gets the migrated database before anything is in it. */
export async function openTestLedger(prepare?: (pool: pg.Pool) => Promise<void>): Promise<TestLedger> {
  const server = await createTestDatabase();
  const database = openDatabase<never>({ url: server.url, role: 'test', connections: 8 });
  await prepare?.(database.pool);
  const folder = mkdtempSync(join(tmpdir(), 'polity-keys-'));
  const keys = openKeyFolder(folder);
  const wallMs = Date.UTC(2026, 10, 23);
  const receiptKey = await openReceiptKey(database.pool, keys, wallMs);
  const feed = new EntryFeed();
  const sequencer = async (family: string, pool = database.pool) => {
    const log = await openShard(database.pool, keys, { domain: 'test.example', installation: 'test', family, wallMs });
    const { name, origin, key: logKey } = log;
    const journal = new JournalSource({
      sealer: new Sealer(ids),
      receiptKey,
      now: () => wallMs,
      onSealed: (place, decisions) => feed.add(place, decisions),
    });
    const source = family === 'decisions' ? journal : pendingSource(family);
    return new Sequencer({ pool, log: name, origin, logKey, source });
  };
  return {
    url: server.url,
    database,
    feed,
    sequencer,
    async round() {
      await endWorkers(database.pool);
      const fresh = await sequencer('decisions');
      await fresh.open();
      return await fresh.sequence();
    },
    worker: (id) => openWorkerLease(database.pool, { id, role: 'gateway', onLost: () => {} }),
    async count(table) {
      const { rows } = await database.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
      return rows[0]?.n ?? -1;
    },
    async close() {
      await database.close();
      await server.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
