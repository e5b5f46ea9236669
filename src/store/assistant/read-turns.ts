import type pg from 'pg';
import type { CaseHead, TurnRow } from '../../assistant/ports.ts';
import type { ContestReason, LocalText, TurnMode, TurnState } from '../../assistant/schema.ts';

export interface CaseColumns {
  readonly number: string;
  readonly reason: ContestReason;
  readonly case_created_at_ms: number;
  readonly due_at_ms: number;
  readonly institution: LocalText;
}

interface Row extends Omit<CaseColumns, 'number'> {
  readonly id: string;
  readonly conversation: string;
  readonly parent: string | null;
  readonly mode: TurnMode;
  readonly state: TurnState;
  readonly language: string;
  readonly created_at_ms: number;
  readonly finished_at_ms: number | null;
  readonly receipt_id: string | null;
  readonly question: Buffer;
  readonly answer: Buffer | null;
  readonly wire: Buffer | null;
  readonly ending: Buffer | null;
  readonly request_digest: string | null;
  readonly number: string | null;
}

/** Running, but the worker's lease is over: nobody will go on with it. */
export const IS_ORPHAN = `t.state = 'running' AND NOT EXISTS (SELECT FROM worker WHERE id = t.worker AND lease_until > now())`;

const READ = `
  SELECT t.id, t.conversation, t.parent, t.mode, CASE WHEN ${IS_ORPHAN} THEN 'unfinished' ELSE t.state END AS state,
    t.language, t.created_at_ms, t.finished_at_ms, t.receipt_id, t.question, t.answer, t.wire, t.ending,
    t.request_digest, c.number, c.reason, c.created_at_ms AS case_created_at_ms, c.due_at_ms, c.institution
  FROM assistant_turn AS t LEFT JOIN assistant_case AS c ON c.turn = t.id`;

export async function readTurn(pool: pg.Pool, subject: string, id: string): Promise<TurnRow | null> {
  const { rows } = await pool.query<Row>(`${READ} WHERE t.subject = $1 AND t.id = $2`, [subject, id]);
  return rows[0] === undefined ? null : turnOf(rows[0]);
}

export async function readTurnByRequest(pool: pg.Pool, subject: string, key: string): Promise<TurnRow | null> {
  const { rows } = await pool.query<Row>(`${READ} WHERE t.subject = $1 AND t.request_key = $2`, [subject, key]);
  return rows[0] === undefined ? null : turnOf(rows[0]);
}

export async function readTurns(pool: pg.Pool, subject: string, conversations: readonly string[]): Promise<TurnRow[]> {
  const text = `${READ} WHERE t.subject = $1 AND t.conversation = ANY ($2) ORDER BY t.seq`;
  const { rows } = await pool.query<Row>(text, [subject, conversations]);
  return rows.map(turnOf);
}

export function caseOf(row: CaseColumns): CaseHead {
  return {
    number: row.number,
    reason: row.reason,
    createdAtMs: row.case_created_at_ms,
    dueAtMs: row.due_at_ms,
    institution: row.institution,
  };
}

function turnOf(row: Row): TurnRow {
  const { number } = row;
  return {
    id: row.id,
    conversation: row.conversation,
    parent: row.parent,
    mode: row.mode,
    state: row.state,
    language: row.language,
    createdAtMs: row.created_at_ms,
    finishedAtMs: row.finished_at_ms,
    receiptId: row.receipt_id,
    question: row.question,
    answer: row.answer,
    wire: row.wire,
    ending: row.ending,
    requestDigest: row.request_digest,
    contested: number === null ? null : caseOf({ ...row, number }),
  };
}
