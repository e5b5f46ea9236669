import pg from 'pg';

const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 1_000;
/** A connection that died without a word is found by asking. */
const PING_EVERY_MS = 5_000;

type Handler = (payload: string) => void;

/** Hears notifications. After a gap every handler is called with an empty payload: anything may have been missed. */
export interface Listener {
  on(channel: string, handler: Handler): void;
  isConnected(): boolean;
  close(): Promise<void>;
}

export interface ListenerOptions {
  /** A `postgres://` address. */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly role: string;
  readonly channels: readonly string[];
}

/** One connection for all channels, which comes back by itself. Resolves once it listens for the first time. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const listener = new PgListener(options);
  await listener.connect();
  return listener;
}

class PgListener implements Listener {
  readonly #options: ListenerOptions;
  readonly #handlers: ReadonlyMap<string, Set<Handler>>;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#handlers = new Map(options.channels.map((channel) => [channel, new Set()]));
  }

  on(channel: string, handler: Handler): void {
    const set = this.#handlers.get(channel);
    if (set === undefined) throw new Error(`the listener was not opened for \`${channel}\``);
    set.add(handler);
  }

  isConnected(): boolean {
    return this.#client !== null;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: `polity-${this.#options.role}-listener`,
      connectionTimeoutMillis: 5_000,
      query_timeout: PING_EVERY_MS,
      keepAlive: true,
    });
    // `end` follows; without a listener an error event would end the process.
    client.on('error', () => {});
    client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''));
    client.once('end', () => this.#lose(client));
    try {
      await client.connect();
      for (const channel of this.#options.channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    if (this.#closed) return client.end();
    this.#client = client;
    this.#ping(client);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  #tell(channel: string, payload: string): void {
    for (const handler of this.#handlers.get(channel) ?? []) handler(payload);
  }

  #ping(client: pg.Client): void {
    this.#timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => {
          if (this.#client === client) this.#ping(client);
        },
        () => {
          this.#lose(client);
          client.end().catch(() => {});
        },
      );
    }, PING_EVERY_MS).unref();
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    clearTimeout(this.#timer);
    this.#retry(RETRY_FIRST_MS);
  }

  #retry(waitMs: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.connect().then(
        () => {
          for (const channel of this.#handlers.keys()) this.#tell(channel, '');
        },
        () => this.#retry(Math.min(waitMs * 2, RETRY_MOST_MS)),
      );
    }, waitMs).unref();
  }
}
