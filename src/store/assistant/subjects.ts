import type pg from 'pg';
import type { SubjectRow, SubjectStore } from '../../assistant/ports.ts';
import { TELL_STOPPED } from './channels.ts';

interface Row {
  readonly id: string;
  readonly secret_hash: string;
  readonly wrapped_key: Buffer;
  readonly kek: string;
  readonly created_at_ms: number;
  readonly kept_until_ms: number;
}

/** A subject lives as long as its cookie or any of its conversations. */
const FIND = `
  SELECT * FROM assistant_subject AS s WHERE secret_hash = $1 AND (kept_until_ms > $2
    OR EXISTS (SELECT FROM assistant_conversation WHERE subject = s.id AND kept_until_ms > $2))`;

const DELETE = `
  WITH gone AS (DELETE FROM assistant_subject WHERE id = $1 RETURNING id),
  told AS (
    SELECT ${TELL_STOPPED} FROM assistant_turn AS t JOIN gone ON t.subject = gone.id WHERE t.state = 'running'
  )
  SELECT count(*) FROM told`;

export function openSubjects(pool: pg.Pool): SubjectStore {
  return {
    async insertSubject(row) {
      await pool.query(
        `INSERT INTO assistant_subject (id, secret_hash, wrapped_key, kek, created_at_ms, kept_until_ms)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [row.id, row.secretHash, row.wrappedKey, row.kek, row.createdAtMs, row.keptUntilMs],
      );
    },
    async findSubject(secretHash, atMs) {
      const { rows } = await pool.query<Row>(FIND, [secretHash, atMs]);
      return rows[0] === undefined ? null : subjectOf(rows[0]);
    },
    async deleteSubject(subject) {
      await pool.query(DELETE, [subject]);
    },
  };
}

function subjectOf(row: Row): SubjectRow {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    wrappedKey: row.wrapped_key,
    kek: row.kek,
    createdAtMs: row.created_at_ms,
    keptUntilMs: row.kept_until_ms,
  };
}
