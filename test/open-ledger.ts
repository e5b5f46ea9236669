/** The ledger's two logs on a real PostgreSQL, with the steps of the ledger process in the hands of the test. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { randomIds, utf8 } from '../src/kit/index.ts';
import { sealDecision } from '../src/ledger/index.ts';
import type { Intent, Outcome } from '../src/ledger/ports.ts';
import type { Ending, PredicateDraft } from '../src/ledger/schema.ts';
import {
  type Database,
  openDatabase,
  openKeyFolder,
  openReceiptKey,
  openShard,
  openWorkerLease,
  Sequencer,
} from '../src/store/index.ts';
import { createTestDatabase } from './database.ts';

const digest = createHash('sha256').digest('hex');
export const ids = randomIds();

const ending: Ending = {
  ended: 'complete',
  reason: 'stop',
  endedAt: '2026-11-23T12:00:00Z',
  usage: { promptTokens: 3, completionTokens: 4, source: 'counted' },
  spent: { moneyMicros: 1, currency: 'EUR' },
};

function draftOf(id: string): PredicateDraft {
  return {
    id,
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
    attempt: { number: 1, previous: null },
    salts: {},
    commitments: { 'request/wire': digest },
    reserved: { tokens: 10, moneyMicros: 5, currency: 'EUR' },
  };
}

export function newIntent(holdings: Intent['holdings'] = []): Intent {
  const receiptId = ids.receiptId();
  return { receiptId, draft: utf8(JSON.stringify(draftOf(receiptId))), holdings, account: utf8('{}') };
}

export function newOutcome(intent?: Intent): Outcome {
  const receiptId = intent?.receiptId ?? ids.receiptId();
  return {
    receiptId,
    hasIntent: intent !== undefined,
    spent: [],
    account: utf8('{}'),
    ...sealDecision(draftOf(receiptId), ending, { ids }),
  };
}

export interface TestLedger {
  readonly url: string;
  readonly database: Database<never>;
  /** A sequencer as a new ledger process would have it, on this pool. Not opened. */
  sequencer(family: string, pool?: pg.Pool): Promise<Sequencer>;
  /** Registers a worker that lives until `end`. */
  worker(id: string): Promise<{ end(): Promise<void> }>;
  count(table: 'intent' | 'decision' | 'pending' | 'sealed' | 'worker'): Promise<number>;
  close(): Promise<void>;
}

export async function openTestLedger(): Promise<TestLedger> {
  const server = await createTestDatabase();
  const database = openDatabase<never>({ url: server.url, role: 'test', connections: 8 });
  const folder = mkdtempSync(join(tmpdir(), 'polity-keys-'));
  const keys = openKeyFolder(folder);
  const wallMs = Date.UTC(2026, 10, 23);
  const receiptKey = await openReceiptKey(database.pool, keys, wallMs);
  return {
    url: server.url,
    database,
    async sequencer(family, pool = database.pool) {
      const log = await openShard(database.pool, keys, {
        domain: 'test.example',
        installation: 'test',
        family,
        wallMs,
      });
      const { name, origin, key: logKey } = log;
      return new Sequencer({ pool, log: name, family, origin, logKey, receiptKey, now: () => wallMs });
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
