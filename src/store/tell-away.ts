import pg from 'pg';
import { Problem } from '../kit/index.ts';

interface Queryable {
  query(...words: unknown[]): unknown;
}

/** What asks over this pool hears of a database that is away as a problem to be told, and of every other failure as it was. */
export function tellAway(pool: pg.Pool): void {
  translate(pool as unknown as Queryable);
  pool.on('connect', (client) => translate(client as unknown as Queryable));
  const connected = pool as unknown as { connect(...words: unknown[]): unknown };
  const connect = connected.connect.bind(pool);
  connected.connect = (...words) => translated(connect(...words));
}

function translate(target: Queryable): void {
  const query = target.query.bind(target);
  target.query = (...words) => translated(query(...words));
}

/** Callbacks are the package's own, and end in a promise that is seen here. */
function translated(result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  return result.catch((cause: unknown) => {
    throw isAway(cause)
      ? new Problem('database-unavailable', 'the database does not answer; try again shortly', {
          retryAfterMs: 1_000,
          cause,
        })
      : cause;
  });
}

/**
 * Classes of SQLSTATE: no connection, no room left, ended by an operator, a crash or its time, a fault of the system; and a
 * server that only reads, as a standby does. https://www.postgresql.org/docs/current/errcodes-appendix.html (2026-11)
 */
const AWAY_STATES = /^(08|53|57P0|57014$|58|25006$)/;
const AWAY_SYSTEM = /^(ECONN|EPIPE$|ETIMEDOUT$|EHOST|ENET|ENOTFOUND$|EAI_)/;
/** What `pg` says without a code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has|was))/;

function isAway(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (cause instanceof pg.DatabaseError) return AWAY_STATES.test(code ?? '');
  // Its socket is a file.
  if (code === 'ENOENT') return syscall === 'connect';
  return code === undefined ? AWAY_WORDS.test(cause.message) : AWAY_SYSTEM.test(code);
}
