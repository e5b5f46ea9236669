import type pg from 'pg';
import type { Role, Session, SessionStore } from '../../identity/ports.ts';

interface SessionRow {
  id: string;
  role: Role;
  created_at_ms: number;
  expires_at_ms: number;
}

const COLUMNS = 'id, role, created_at_ms, expires_at_ms';

function sessionOf(row: SessionRow | undefined): Session | null {
  if (row === undefined) return null;
  return { id: row.id, role: row.role, createdAtMs: row.created_at_ms, expiresAtMs: row.expires_at_ms };
}

/** One statement: the row lock of the update lets exactly one of many exchanges see the link unused. */
const EXCHANGE = `
  WITH link AS (
    UPDATE admin_link SET used_at_ms = $3
    WHERE token_hash = $1 AND used_at_ms IS NULL AND expires_at_ms > $3
    RETURNING role
  )
  INSERT INTO session (secret_hash, id, role, created_at_ms, expires_at_ms)
  SELECT $2, $4, link.role, $3, $5 FROM link
  RETURNING ${COLUMNS}`;

export function openSessionStore(pool: pg.Pool): SessionStore {
  return {
    async insertLink(link) {
      await pool.query(
        'INSERT INTO admin_link (token_hash, role, created_at_ms, expires_at_ms) VALUES ($1, $2, $3, $4)',
        [link.tokenHash, link.role, link.createdAtMs, link.expiresAtMs],
      );
    },
    async exchangeLink(tokenHash, session) {
      const values = [tokenHash, session.secretHash, session.createdAtMs, session.id, session.expiresAtMs];
      const { rows } = await pool.query<SessionRow>(EXCHANGE, values);
      return sessionOf(rows[0]);
    },
    async find(secretHash, atMs) {
      const { rows } = await pool.query<SessionRow>(
        `SELECT ${COLUMNS} FROM session WHERE secret_hash = $1 AND ended_at_ms IS NULL AND expires_at_ms > $2`,
        [secretHash, atMs],
      );
      return sessionOf(rows[0]);
    },
    async extend(secretHash, expiresAtMs) {
      await pool.query('UPDATE session SET expires_at_ms = greatest(expires_at_ms, $2) WHERE secret_hash = $1', [
        secretHash,
        expiresAtMs,
      ]);
    },
    async end(secretHash, atMs) {
      await pool.query('UPDATE session SET ended_at_ms = coalesce(ended_at_ms, $2) WHERE secret_hash = $1', [
        secretHash,
        atMs,
      ]);
    },
  };
}
