import type pg from 'pg';
import type { CaseEntry, CaseHead, CaseStore, NewCase } from '../../assistant/ports.ts';
import type { TurnMode } from '../../assistant/schema.ts';
import { type CaseColumns, caseOf } from './read-turns.ts';

const LIST_MAX = 1_000;
const UNIQUE_VIOLATION = '23505';
const COLUMNS = 'c.number, c.reason, c.created_at_ms AS case_created_at_ms, c.due_at_ms, c.institution';

/** One statement: a number is used up by its case or not at all, so the numbers of a year have no gaps. */
const INSERT = `
  WITH numbered AS (
    INSERT INTO assistant_case_year AS y (year, last) VALUES ($1, 1)
    ON CONFLICT (year) DO UPDATE SET last = y.last + 1 RETURNING year || '-' || lpad(last::text, 5, '0') AS number
  )
  INSERT INTO assistant_case AS c
    (id, number, turn, mode, reason, created_at_ms, due_at_ms, institution, receipt_id, wrapped_key, kek, words, evidence)
  SELECT $2, number, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM numbered
  RETURNING ${COLUMNS}`;

const LIST = `
  SELECT ${COLUMNS}, c.mode, s.log, s.index
  FROM assistant_case AS c LEFT JOIN decision AS s ON s.receipt_id = decode(c.receipt_id, 'hex')
  ORDER BY c.created_at_ms DESC, c.number DESC LIMIT ${LIST_MAX}`;

interface EntryColumns extends CaseColumns {
  readonly mode: TurnMode;
  readonly log: string | null;
  readonly index: number | null;
}

export function openCases(pool: pg.Pool): CaseStore {
  return {
    async insertCase(row) {
      const before = await findCase(pool, row.turn);
      if (before !== null) return before;
      try {
        const { rows } = await pool.query<CaseColumns>(INSERT, valuesOf(row));
        return caseOf(rows[0] as CaseColumns);
      } catch (error) {
        const other = (error as pg.DatabaseError).code === UNIQUE_VIOLATION ? await findCase(pool, row.turn) : null;
        if (other === null) throw error;
        return other;
      }
    },
    async listCases() {
      const { rows } = await pool.query<EntryColumns>(LIST);
      return rows.map(entryOf);
    },
  };
}

async function findCase(pool: pg.Pool, turn: string): Promise<CaseHead | null> {
  const { rows } = await pool.query<CaseColumns>(`SELECT ${COLUMNS} FROM assistant_case AS c WHERE turn = $1`, [turn]);
  return rows[0] === undefined ? null : caseOf(rows[0]);
}

function valuesOf(row: NewCase): unknown[] {
  const head = [row.year, row.id, row.turn, row.mode, row.reason, row.createdAtMs, row.dueAtMs];
  const sealed = [row.wrappedKey, row.kek, row.words, row.evidence];
  return [...head, JSON.stringify(row.institution), row.receiptId, ...sealed];
}

function entryOf(row: EntryColumns): CaseEntry {
  const entry = row.log === null || row.index === null ? null : { log: row.log, index: String(row.index) };
  return { ...caseOf(row), state: 'open', turnMode: row.mode, entry };
}
