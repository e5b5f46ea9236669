/** Several workers that share quotas, as processes would be, on one real PostgreSQL. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Limits } from '../src/charter/schema.ts';
import { systemClock } from '../src/kit/index.ts';
import { LeaseQuota } from '../src/programmes/index.ts';
import type { AccountOwner, Hold, Holding, Reservation } from '../src/programmes/ports.ts';
import { type Database, type Listener, openDatabase, openListener, openSliceSource } from '../src/store/index.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface Worker {
  readonly id: string;
  readonly quota: LeaseQuota;
}

export async function openWorkforce(): Promise<Workforce> {
  const server = await createTestDatabase();
  return new Workforce(server);
}

export class Workforce {
  readonly url: string;
  readonly database: Database<never>;
  /** Moves all workers through time. */
  offsetMs = 0;
  readonly #server: TestDatabase;
  readonly #listeners: Listener[] = [];
  #count = 0;

  constructor(server: TestDatabase) {
    this.#server = server;
    this.url = server.url;
    this.database = openDatabase<never>({ url: server.url, role: 'test', connections: 8 });
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await this.database.close();
    await this.#server.drop();
  }

  async hire(number: number): Promise<Worker[]> {
    return Promise.all(Array.from({ length: number }, () => this.hireOne()));
  }

  async hireOne(): Promise<Worker> {
    this.#count += 1;
    const id = `worker-${this.#count}`;
    const listener = await openListener({ url: this.url, role: id, channels: ['polity_quota'] });
    this.#listeners.push(listener);
    const source = openSliceSource({ pool: this.database.pool, listener, worker: id });
    const clock = {
      wallMs: () => systemClock.wallMs() + this.offsetMs,
      monotonicMs: () => systemClock.monotonicMs() + this.offsetMs,
    };
    // Waits longer than in service, so that a busy machine refuses nobody whom a quiet one would admit.
    return { id, quota: new LeaseQuota({ source, clock, worker: id, delay, waitMs: 3_000 }) };
  }

  newOwner(limits: Limits): AccountOwner {
    this.#count += 1;
    return { id: `tenant:t${this.#count}`, limits };
  }

  /** What the ledger's recorder runs inside its transaction. */
  async settle(worker: string, spent: readonly Holding[]): Promise<void> {
    await this.database.pool.query('SELECT programmes_settle($1, $2, $3)', [
      worker,
      spent.map((holding) => holding.leaseId),
      spent.map((holding) => holding.amount),
    ]);
  }

  /** What the ledger's reaper runs after it has closed the intents of a worker. */
  async bury(worker: Worker): Promise<void> {
    await this.database.pool.query('SELECT programmes_end_worker($1)', [worker.id]);
  }

  async accountOf(owner: AccountOwner, kind: keyof Limits): Promise<{ settled: number; leased: number }> {
    const { rows } = await this.database.pool.query<{ settled: number; leased: number }>(
      `SELECT settled, leased FROM quota_account WHERE owner = $1 AND limit_kind = $2
       ORDER BY window_start_ms DESC LIMIT 1`,
      [owner.id, kind],
    );
    const [row] = rows;
    assert.ok(row, `no account ${owner.id} ${kind}`);
    return row;
  }

  /** No minute may turn in the middle of what counts within a minute. */
  stayInMinute(): void {
    const leftMs = 60_000 - ((systemClock.wallMs() + this.offsetMs) % 60_000);
    if (leftMs < 15_000) this.offsetMs += leftMs;
  }
}

export function holdOf(reservation: Reservation): Hold {
  assert.equal(reservation.kind, 'reserved');
  return (reservation as { hold: Hold }).hold;
}
