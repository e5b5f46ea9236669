import type pg from 'pg';
import type { ConversationRow, ConversationStore } from '../../assistant/ports.ts';
import { TELL_STOPPED } from './channels.ts';

interface Row {
  readonly id: string;
  readonly title: Buffer;
  readonly turns: number;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  readonly kept_until_ms: number;
}

const COLUMNS = 'id, title, turns, created_at_ms, updated_at_ms, kept_until_ms';

const LIST = `
  SELECT ${COLUMNS} FROM assistant_conversation
  WHERE subject = $1 AND ($3::bigint IS NULL OR (updated_at_ms, id) < ($3, $4::text))
  ORDER BY updated_at_ms DESC, id DESC LIMIT $2`;

const DELETE = `
  WITH gone AS (DELETE FROM assistant_conversation WHERE subject = $1 AND id = $2 RETURNING id),
  told AS (
    SELECT ${TELL_STOPPED} FROM assistant_turn AS t JOIN gone ON t.conversation = gone.id WHERE t.state = 'running'
  )
  SELECT (SELECT count(*) FROM gone) AS gone, (SELECT count(*) FROM told) AS told`;

export function openConversations(pool: pg.Pool): ConversationStore {
  return {
    async listConversations(subject, { limit, before }) {
      const values = [subject, limit, before?.updatedAtMs ?? null, before?.id ?? null];
      const { rows } = await pool.query<Row>(LIST, values);
      return rows.map(conversationOf);
    },
    async countConversations(subject) {
      const text = 'SELECT count(*) AS conversations FROM assistant_conversation WHERE subject = $1';
      const { rows } = await pool.query<{ conversations: number }>(text, [subject]);
      return rows[0]?.conversations ?? 0;
    },
    async findConversation(subject, id) {
      const text = `SELECT ${COLUMNS} FROM assistant_conversation WHERE subject = $1 AND id = $2`;
      const { rows } = await pool.query<Row>(text, [subject, id]);
      return rows[0] === undefined ? null : conversationOf(rows[0]);
    },
    async deleteConversation(subject, id) {
      const { rows } = await pool.query<{ gone: number }>(DELETE, [subject, id]);
      return rows[0]?.gone === 1;
    },
  };
}

function conversationOf(row: Row): ConversationRow {
  return {
    id: row.id,
    title: row.title,
    turns: row.turns,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    keptUntilMs: row.kept_until_ms,
  };
}
