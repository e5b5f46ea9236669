import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { couldBeKey, hashSecret } from '../../identity/index.ts';
import type { ApiKey, KeyRing } from '../../identity/ports.ts';
import type { Clock } from '../../kit/index.ts';
import type { Listener } from '../open-listener.ts';
import { type KeyRow, keyOf } from './pg-key-store.ts';

export const KEYS_CHANNEL = 'polity_keys';
/** While notifications come; they carry every change, this only mends what nobody thought of. */
const RELOAD_EVERY_MS = 10_000;
/** While the listening connection is down: a revocation must not wait longer than a second. */
const POLL_EVERY_MS = 500;
/** Unknown keys that are looked up at a time, and how long; a stranger who makes keys up costs no more. */
const LOOK_UPS_MAX = 4;
const LOOK_UP_MS = 1_000;
/** A ring older than this says so in `/readyz`. */
const STALE_AFTER_MS = 60_000;

export interface LiveKeyRing extends KeyRing {
  readonly size: number;
  /** What is wrong, as a public sentence, or null. */
  obstacle(): string | null;
  close(): Promise<void>;
}

export interface KeyRingOptions {
  readonly pool: pg.Pool;
  readonly listener: Listener;
  readonly clock: Clock;
}

/** All live keys in memory, by the hash of their secret. Resolves once they are loaded. */
export async function openKeyRing(options: KeyRingOptions): Promise<LiveKeyRing> {
  const ring = new PgKeyRing(options);
  await ring.start();
  return ring;
}

class PgKeyRing implements LiveKeyRing {
  readonly #options: KeyRingOptions;
  #keys = new Map<string, ApiKey>();
  #freshAtMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  #wanted = false;
  #lookUps = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#keys.size;
  }

  find(secret: string): ApiKey | null {
    return couldBeKey(secret) ? this.#live(this.#keys.get(hashSecret(secret))) : null;
  }

  async lookUp(secret: string): Promise<ApiKey | null> {
    if (this.#lookUps >= LOOK_UPS_MAX || this.#closed || !couldBeKey(secret)) return null;
    this.#lookUps += 1;
    // One that hangs keeps its place, whoever waits for it no longer.
    const asked = this.#ask(hashSecret(secret)).finally(() => {
      this.#lookUps -= 1;
    });
    const timeout = new AbortController();
    try {
      return await Promise.race([asked, delay(LOOK_UP_MS, null, { signal: timeout.signal })]);
    } catch {
      // Without a database nobody's new key is known; who asks is told so as before.
      return null;
    } finally {
      timeout.abort();
    }
  }

  /** Not added to the ring: a revocation that was loaded meanwhile would be undone. */
  async #ask(hash: string): Promise<ApiKey | null> {
    const { rows } = await this.#options.pool.query<KeyRow>(
      'SELECT * FROM api_key WHERE secret_hash = $1 AND revoked_at_ms IS NULL',
      [hash],
    );
    return rows[0] === undefined ? null : this.#live(Object.freeze(keyOf(rows[0])));
  }

  findById(id: string): ApiKey | null {
    for (const key of this.#keys.values()) if (key.id === id) return this.#live(key);
    return null;
  }

  #live(key: ApiKey | undefined): ApiKey | null {
    if (key === undefined) return null;
    if (key.expiresAtMs !== null && key.expiresAtMs <= this.#options.clock.wallMs()) return null;
    return key;
  }

  obstacle(): string | null {
    const ageMs = this.#options.clock.monotonicMs() - this.#freshAtMs;
    if (ageMs <= STALE_AFTER_MS) return null;
    return `the list of keys is ${Math.round(ageMs / 1000)} s old: the database does not answer`;
  }

  async start(): Promise<void> {
    this.#options.listener.on(KEYS_CHANNEL, () => this.#want());
    await this.#load();
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One load at a time; a change that comes during a load is followed by one more. */
  #want(): void {
    if (this.#wanted || this.#closed) return;
    this.#wanted = true;
    this.#running = this.#running.then(async () => {
      this.#wanted = false;
      if (this.#closed) return;
      // The age of the ring reports a failure; the next poll tries again.
      await this.#load().catch(() => {});
    });
  }

  async #load(): Promise<void> {
    const { pool, clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const { rows } = await pool.query<KeyRow>(
      'SELECT * FROM api_key WHERE revoked_at_ms IS NULL AND (expires_at_ms IS NULL OR expires_at_ms > $1)',
      [clock.wallMs()],
    );
    this.#keys = new Map(rows.map((row) => [row.secret_hash, Object.freeze(keyOf(row))]));
    this.#freshAtMs = startedMs;
  }

  #schedule(): void {
    this.#timer = setInterval(() => {
      const ageMs = this.#options.clock.monotonicMs() - this.#freshAtMs;
      if (!this.#options.listener.isConnected() || ageMs >= RELOAD_EVERY_MS) this.#want();
    }, POLL_EVERY_MS).unref();
  }
}
