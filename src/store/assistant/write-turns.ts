import type pg from 'pg';
import type { NewTurn, TurnEnding, TurnProgress } from '../../assistant/ports.ts';
import { STOP_CHANNEL, TURN_CHANNEL } from './channels.ts';

const UNIQUE_VIOLATION = '23505';

const INSERT = `
  INSERT INTO assistant_turn
    (id, subject, conversation, parent, mode, language, worker, created_at_ms, question, request_key, request_digest)
  SELECT $1, $2, c.id, $4, $5, $6, $7, $8, $9, $10, $11 FROM c`;

const BEGIN = `
  WITH c AS (
    INSERT INTO assistant_conversation (id, subject, title, created_at_ms, updated_at_ms, kept_until_ms)
    VALUES ($3, $2, $13, $8, $8, $12) RETURNING id
  ) ${INSERT}`;

const CONTINUE = `
  WITH c AS (
    UPDATE assistant_conversation
    SET turns = turns + 1, updated_at_ms = greatest(updated_at_ms, $8), kept_until_ms = $12
    WHERE id = $3 AND subject = $2 RETURNING id
  ) ${INSERT}`;

type Inserted = 'inserted' | 'repeated' | 'no-conversation';

/** With a title: the first turn, together with its conversation. */
export async function insertTurn(pool: pg.Pool, turn: NewTurn, title: Uint8Array | null): Promise<Inserted> {
  const { id, subject, conversation, parent, mode, language, worker, createdAtMs, question, request } = turn;
  const cells = [id, subject, conversation, parent, mode, language, worker, createdAtMs, question];
  const values = [...cells, request?.key ?? null, request?.digest ?? null, turn.keptUntilMs];
  try {
    const { rowCount } =
      title === null ? await pool.query(CONTINUE, values) : await pool.query(BEGIN, [...values, title]);
    return rowCount === 1 ? 'inserted' : 'no-conversation';
  } catch (error) {
    // Ids are random: only the request key can be there already.
    if ((error as pg.DatabaseError).code === UNIQUE_VIOLATION && request !== null) return 'repeated';
    throw error;
  }
}

/** Only a running turn changes; whoever ends it first decides how it ended. */
const NOTE_PROGRESS = `
  WITH done AS (
    UPDATE assistant_turn SET receipt_id = coalesce($2, receipt_id), answer = coalesce($3, answer)
    WHERE id = $1 AND state = 'running' RETURNING id, stop_asked
  ) SELECT stop_asked, pg_notify('${TURN_CHANNEL}', id) FROM done`;

export async function noteProgress(pool: pg.Pool, progress: TurnProgress): Promise<'running' | 'stop' | 'gone'> {
  const values = [progress.id, progress.receiptId, progress.answer];
  const { rows } = await pool.query<{ stop_asked: boolean }>(NOTE_PROGRESS, values);
  if (rows[0] === undefined) return 'gone';
  return rows[0].stop_asked ? 'stop' : 'running';
}

const NOTE_ENDING = `
  WITH done AS (
    UPDATE assistant_turn SET receipt_id = coalesce($2, receipt_id), answer = coalesce($3, answer),
      state = $4, finished_at_ms = $5, wire = $6, ending = $7
    WHERE id = $1 AND state = 'running' RETURNING id
  ) SELECT pg_notify('${TURN_CHANNEL}', id) FROM done`;

export async function noteEnding(pool: pg.Pool, ending: TurnEnding): Promise<void> {
  const { id, receiptId, answer, state, finishedAtMs, wire } = ending;
  await pool.query(NOTE_ENDING, [id, receiptId, answer, state, finishedAtMs, wire, ending.ending]);
}

const ASK_STOP = `
  WITH found AS (SELECT id, state FROM assistant_turn WHERE subject = $1 AND id = $2),
  asked AS (
    UPDATE assistant_turn SET stop_asked = true
    WHERE id IN (SELECT id FROM found WHERE state = 'running') AND state = 'running' RETURNING id
  ),
  told AS (SELECT pg_notify('${STOP_CHANNEL}', id) FROM asked)
  SELECT (SELECT count(*) FROM found) AS found, (SELECT count(*) FROM told) AS told`;

export async function askStop(pool: pg.Pool, subject: string, id: string): Promise<boolean> {
  const { rows } = await pool.query<{ found: number }>(ASK_STOP, [subject, id]);
  return rows[0]?.found === 1;
}

const LIST_STOPPED = `
  SELECT asked.id FROM unnest($1::text[]) AS asked (id) LEFT JOIN assistant_turn AS t ON t.id = asked.id
  WHERE t.id IS NULL OR t.stop_asked OR t.state <> 'running'`;

export async function listStopped(pool: pg.Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(LIST_STOPPED, [ids]);
  return rows.map(({ id }) => id);
}
