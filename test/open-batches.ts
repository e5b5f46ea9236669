import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { systemTimers, type Timers, utf8, wrappingKey } from '../src/kit/index.ts';
import { openDatabase, openVaultStore } from '../src/store/index.ts';
import type { BatchOwner } from '../src/vault/batch-desk.ts';
import { BatchDesk, FileDesk, type LineAnswer, TenantKeys, workAtBatches } from '../src/vault/index.ts';
import type { BatchRow, VaultStore } from '../src/vault/ports.ts';
import { createTestDatabase } from './database.ts';

export const endpoint = '/v1/chat/completions';
export const purpose = { id: 'drafting', retentionDays: 30 } as BatchOwner['purpose'];
export const room = { storedBytesMax: 1_000_000_000, storedCountMax: 10_000 };
export const owner: BatchOwner = { tenant: 'agency', keyId: 'key', purpose, room };

export interface WorkWish {
  readonly worker?: string;
  readonly running?: Set<Promise<void>>;
  readonly timers?: Timers;
  readonly store?: VaultStore;
  report?(cause: unknown): void;
  ask(batch: BatchRow): Promise<LineAnswer>;
}

export const answer = (status = 200): LineAnswer => {
  return { kind: 'answered', status, requestId: 'r', receiptId: 'abc', dropped: null, body: { said: 1 } };
};
export const beginNone = () => assert.fail('a line was begun');

export type Batches = Awaited<ReturnType<typeof openBatches>>;

/** Batches of one tenant in a database of their own, and workers whose rounds, clock and answers the test decides. */
export async function openBatches() {
  const made = await createTestDatabase();
  const database = openDatabase<never>({ url: made.url, role: 'test', connections: 8 });
  const kek = wrappingKey(randomBytes(32));
  const clock = { wallMs: () => shop.nowMs, monotonicMs: () => performance.now() };
  const shop = {
    /** What the clock on the wall says. */
    nowMs: Date.now(),
    pool: database.pool,
    openDesks(store: VaultStore = openVaultStore(database.pool)) {
      const keys = new TenantKeys({ store, kek, clock });
      const files = new FileDesk({ store, keys, clock });
      return { store, keys, files, desk: new BatchDesk({ store, files, keys, clock, endpoints: [endpoint] }) };
    },
    desks: () => shop.openDesks(),
    find: (id: string) => shop.desks().desk.find('agency', id),
    work({
      worker = 'one',
      timers = systemTimers,
      running = new Set(),
      store,
      ask,
      report = assert.ifError,
    }: WorkWish) {
      return workAtBatches({ ...shop.openDesks(store), clock, timers, worker, running, ask, report });
    },
    async upload(lines: number) {
      const { files } = shop.desks();
      const line = (at: number) => JSON.stringify({ custom_id: `l${at}`, method: 'POST', url: endpoint, body: {} });
      const text = Array.from({ length: lines }, (_, at) => line(at + 1)).join('\n');
      async function* bytes() {
        yield utf8(text);
      }
      const received = await files.receive(
        { tenant: 'agency', keptFor: purpose, name: 'b.jsonl', bytesMax: 1_000_000, room },
        bytes(),
      );
      const { id } = await files.publish(received, { purpose: 'batch' });
      return { input_file_id: id, endpoint, completion_window: '24h' as const };
    },
    async order(lines: number): Promise<string> {
      const asked = await shop.upload(lines);
      return (await shop.desks().desk.create({ owner, asked, requestKey: null })).id;
    },
    /** Rounds as a worker has them: whoever looked whether a batch ends leaves it to others for a second. */
    async workToEnd(id: string, wish: WorkWish): Promise<string> {
      for (let tries = 0; tries < 50; tries++) {
        await shop.work(wish);
        const { status } = await shop.find(id);
        if (['completed', 'expired', 'cancelled', 'failed'].includes(status)) return status;
        await delay(100);
      }
      throw new Error('the batch does not end');
    },
    async close() {
      await database.close();
      await made.drop();
    },
  };
  return shop;
}
