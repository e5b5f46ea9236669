import type pg from 'pg';
import type { BatchRow, BatchRows } from '../../vault/ports.ts';
import { textOf } from './text-of.ts';

interface BatchRecord {
  readonly id: string;
  readonly tenant: string;
  readonly key_id: string;
  readonly purpose: string;
  readonly endpoint: string;
  readonly input_file: string;
  readonly output_file: string | null;
  readonly error_file: string | null;
  readonly state: BatchRow['state'];
  readonly details: Buffer;
  readonly times: BatchRow['times'];
  readonly ends_by_ms: number;
  readonly created_at_ms: number;
  readonly kept_until_ms: number;
  readonly input_bytes: number;
  readonly counts: BatchRow['counts'];
}

const LIST = (direction: 'ASC' | 'DESC') => `
  SELECT b.* FROM vault_batch AS b LEFT JOIN vault_batch AS c ON c.id = $2 AND c.tenant = b.tenant
  WHERE b.tenant = $1 AND (c.id IS NULL OR (b.created_at_ms, b.id) ${direction === 'ASC' ? '>' : '<'} (c.created_at_ms, c.id))
  ORDER BY b.created_at_ms ${direction}, b.id ${direction} LIMIT $3`;

const CLAIM_BATCH = `
  UPDATE vault_batch SET worker = $1, worker_until = clock_timestamp() + $3 * interval '1 millisecond'
  WHERE id = (
    SELECT id FROM vault_batch WHERE state = ANY ($2) AND worker_until < clock_timestamp()
    ORDER BY worker_until, created_at_ms LIMIT 1 FOR UPDATE SKIP LOCKED
  ) RETURNING *`;

/** Batches take turns line by line: who came later does not wait until the first one has run through. */
const CLAIM_LINES = `
  WITH taken AS (
    SELECT l.batch, l.number FROM vault_batch_line AS l JOIN vault_batch AS b ON b.id = l.batch
    WHERE l.state = 'waiting' AND l.busy_until < clock_timestamp() AND b.state = 'in_progress' AND b.ends_by_ms > $3
    ORDER BY l.number, b.created_at_ms LIMIT $1 FOR UPDATE OF l SKIP LOCKED
  ), claimed AS (
    UPDATE vault_batch_line AS l SET busy_until = clock_timestamp() + $2 * interval '1 millisecond'
    FROM taken WHERE l.batch = taken.batch AND l.number = taken.number RETURNING l.batch, l.number, l.sealed
  )
  SELECT b.*, claimed.number AS line_number, claimed.sealed AS line_sealed FROM claimed JOIN vault_batch AS b ON b.id = claimed.batch`;

const HOLD_LINE = `
  UPDATE vault_batch_line SET busy_until = clock_timestamp() + $3 * interval '1 millisecond'
  WHERE batch = $1 AND number = $2 AND state = 'waiting'`;

const COUNT_BUSY = `
  SELECT count(*) AS count FROM vault_batch_line WHERE batch = $1 AND state = 'waiting'
    AND busy_until > clock_timestamp() AND busy_until <= clock_timestamp() + $2 * interval '1 millisecond'`;

const ENDED = `ARRAY['completed', 'failed', 'expired', 'cancelled']`;

const COUNT_LINES = `
  SELECT id AS batch, count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'done') AS done,
    count(*) FILTER (WHERE state = 'failed') AS failed
  FROM unnest($1::text[]) AS id LEFT JOIN vault_batch_line ON batch = id GROUP BY id`;

/**
 * Who validates or ends a batch while it is cancelled comes to its end first. Lines of one that has ended go with the same
 * statement that keeps their counts: they stand in its files, and nobody pays for them any longer.
 */
const STEP = `
  WITH stepped AS (
    UPDATE vault_batch SET state = $3, times = times || jsonb_build_object($3::text, $4::bigint),
      worker_until = CASE WHEN $3 = 'cancelling' THEN worker_until ELSE '-infinity' END, output_file = coalesce($5, output_file), error_file = coalesce($6, error_file), details = coalesce($7, details),
      counts = CASE WHEN $3 = ANY (${ENDED}) THEN (
        SELECT jsonb_build_object('waiting', count(*) FILTER (WHERE l.state = 'waiting'), 'done', count(*) FILTER (WHERE l.state = 'done'),
          'failed', count(*) FILTER (WHERE l.state = 'failed')) FROM vault_batch_line AS l WHERE l.batch = $1
      ) END
    WHERE id = $1 AND state = ANY ($2) RETURNING id
  ), gone AS (
    DELETE FROM vault_batch_line WHERE batch = (SELECT id FROM stepped) AND $3 = ANY (${ENDED})
  )
  SELECT id FROM stepped`;

export function openBatchRows(pool: pg.Pool): BatchRows {
  return {
    ...openHeads(pool),
    async addLines(batch, lines) {
      // A worker that died while it validated left some behind.
      await pool.query(
        `INSERT INTO vault_batch_line (batch, number, sealed) SELECT $1, * FROM unnest($2::integer[], $3::bytea[])
         ON CONFLICT (batch, number) DO UPDATE SET sealed = excluded.sealed`,
        [batch, lines.map(({ number }) => number), lines.map(({ sealed }) => Buffer.from(sealed))],
      );
    },
    async claimLines(limit, { forMs, atMs }) {
      const { rows } = await pool.query<BatchRecord & { line_number: number; line_sealed: Buffer }>(CLAIM_LINES, [
        limit,
        forMs,
        atMs,
      ]);
      return rows.map((row) => ({ batch: batchOf(row), line: { number: row.line_number, sealed: row.line_sealed } }));
    },
    async holdLine(batch, number, forMs) {
      await pool.query(HOLD_LINE, [batch, number, forMs]);
    },
    async countBusy(batch, withinMs) {
      const { rows } = await pool.query<{ count: number }>(COUNT_BUSY, [batch, withinMs]);
      return rows[0]?.count ?? 0;
    },
    async endLine(batch, { number, sealed, state }) {
      await pool.query(
        `UPDATE vault_batch_line SET sealed = $3, state = $4 WHERE batch = $1 AND number = $2 AND state = 'waiting'`,
        [batch, number, sealed, state],
      );
    },
    async readLines(batch, { state, after, limit }) {
      const { rows } = await pool.query<{ number: number; sealed: Buffer }>(
        'SELECT number, sealed FROM vault_batch_line WHERE batch = $1 AND state = $2 AND number > $3 ORDER BY number LIMIT $4',
        [batch, state, after, limit],
      );
      return rows;
    },
  };
}

type Heads = Pick<
  BatchRows,
  'insertBatch' | 'findBatch' | 'listBatches' | 'countLines' | 'stepBatch' | 'claimBatch' | 'renewBatch'
>;

function openHeads(pool: pg.Pool): Heads {
  return {
    async insertBatch(row) {
      const { rowCount } = await pool.query(
        `INSERT INTO vault_batch (id, tenant, key_id, purpose, endpoint, input_file, state, details, times, ends_by_ms, created_at_ms, kept_until_ms, input_bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`,
        [
          ...[row.id, row.tenant, row.keyId, row.purpose, row.endpoint, row.inputFile, row.state, row.details],
          ...[JSON.stringify(row.times), row.endsByMs, row.createdAtMs, row.keptUntilMs, row.inputBytes],
        ],
      );
      return rowCount === 1;
    },
    async findBatch(tenant, id) {
      const { rows } = await pool.query<BatchRecord>('SELECT * FROM vault_batch WHERE tenant = $1 AND id = $2', [
        tenant,
        textOf(id),
      ]);
      return rows[0] === undefined ? null : batchOf(rows[0]);
    },
    async listBatches(tenant, { after, limit, order }) {
      const { rows } = await pool.query<BatchRecord>(LIST(order === 'asc' ? 'ASC' : 'DESC'), [tenant, after, limit]);
      return rows.map(batchOf);
    },
    async countLines(batches) {
      const { rows } = await pool.query<{ batch: string; waiting: number; done: number; failed: number }>(COUNT_LINES, [
        batches,
      ]);
      return new Map(rows.map(({ batch, ...counts }) => [batch, counts]));
    },
    async stepBatch(id, { from, to, atMs, outputFile, errorFile, details }) {
      const { rowCount } = await pool.query(STEP, [
        id,
        from,
        to,
        atMs,
        outputFile ?? null,
        errorFile ?? null,
        details ?? null,
      ]);
      return rowCount === 1;
    },
    async renewBatch(id, worker, forMs) {
      const { rowCount } = await pool.query(
        `UPDATE vault_batch SET worker_until = clock_timestamp() + $3 * interval '1 millisecond' WHERE id = $1 AND worker = $2`,
        [id, worker, forMs],
      );
      return rowCount === 1;
    },
    async claimBatch(worker, states, forMs) {
      const { rows } = await pool.query<BatchRecord>(CLAIM_BATCH, [worker, states, forMs]);
      return rows[0] === undefined ? null : batchOf(rows[0]);
    },
  };
}

function batchOf(row: BatchRecord): BatchRow {
  return {
    id: row.id,
    tenant: row.tenant,
    keyId: row.key_id,
    purpose: row.purpose,
    endpoint: row.endpoint,
    inputFile: row.input_file,
    outputFile: row.output_file,
    errorFile: row.error_file,
    state: row.state,
    details: row.details,
    times: row.times,
    endsByMs: row.ends_by_ms,
    createdAtMs: row.created_at_ms,
    keptUntilMs: row.kept_until_ms,
    inputBytes: row.input_bytes,
    counts: row.counts,
  };
}
