import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { tellAway } from './tell-away.ts';

// 64-bit integers and counts of ours stay below 2^53; as numbers they need no care at every use.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`integer ${text} is beyond 2^53`);
  return value;
});

export interface DatabaseOptions {
  /** A `postgres://` address. */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly role: string;
  readonly connections: number;
  /** How long a statement may take, milliseconds; without it as long as it needs. */
  readonly answerMs?: number;
  /** Until there is a connection, milliseconds. */
  readonly connectMs?: number;
}

const CONNECT_MS = 5_000;
/** Behind the end of a statement's time a server is taken for one that stands still. */
const SILENT_MS = 1_000;

/** A server that lives ends a statement itself: else the next one on this connection would wait for it. */
function boundsOf(answerMs: number) {
  return { statement_timeout: answerMs, query_timeout: answerMs + SILENT_MS };
}

/** A pool of connections, whose database fails with a Problem `database-unavailable` when it is away. `pool` is for group commits and tiles, `query` for everything that Kysely says more clearly. */
export interface Database<Tables> {
  readonly pool: pg.Pool;
  readonly query: Kysely<Tables>;
  close(): Promise<void>;
}

export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    application_name: `polity-${options.role}`,
    connectionTimeoutMillis: options.connectMs ?? CONNECT_MS,
    keepAlive: true,
    ...(options.answerMs === undefined ? {} : boundsOf(options.answerMs)),
  });
  tellAway(pool);
  // Without a listener an idle connection that the server ends would end the process; the next query reports it.
  pool.on('error', () => {});
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  // Kysely ends the pool only if it was ever used.
  return { pool, query, close: () => query.destroy().then(() => (pool.ending ? undefined : pool.end())) };
}
