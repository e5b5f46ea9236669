import type pg from 'pg';
import type { FileRow, FileRows, KeyRows, ResponseRow, ResponseRows } from '../../vault/ports.ts';
import { textOf } from './text-of.ts';

interface FileRecord {
  readonly id: string;
  readonly tenant: string;
  readonly purpose: FileRow['purpose'];
  readonly name: Buffer;
  readonly size_bytes: number;
  readonly created_at_ms: number;
  readonly kept_until_ms: number;
}

export function openKeyRows(pool: pg.Pool): KeyRows {
  return {
    async keepKey(tenant, { wrappedKey, kek }, atMs) {
      await pool.query('INSERT INTO vault_key VALUES ($1, $2, $3, $4) ON CONFLICT (tenant) DO NOTHING', [
        tenant,
        wrappedKey,
        kek,
        atMs,
      ]);
      const { rows } = await pool.query<{ wrapped_key: Buffer; kek: string }>(
        'SELECT wrapped_key, kek FROM vault_key WHERE tenant = $1',
        [tenant],
      );
      const [row] = rows;
      if (row === undefined) throw new Error(`the key of tenant ${tenant} is gone`);
      return { wrappedKey: row.wrapped_key, kek: row.kek };
    },
  };
}

/** The cursor is the row itself: its time and id, so that pages stay whole while files come and go. */
const LIST = (direction: 'ASC' | 'DESC') => `
  SELECT f.* FROM vault_file AS f LEFT JOIN vault_file AS c ON c.id = $2 AND c.tenant = f.tenant
  WHERE f.tenant = $1 AND f.whole_at_ms IS NOT NULL AND f.kept_until_ms > $5 AND ($3::text IS NULL OR f.purpose = $3)
    AND (c.id IS NULL OR (f.created_at_ms, f.id) ${direction === 'ASC' ? '>' : '<'} (c.created_at_ms, c.id))
  ORDER BY f.created_at_ms ${direction}, f.id ${direction} LIMIT $4`;

export function openFileRows(pool: pg.Pool): FileRows {
  return {
    async openFile({ id, tenant, name, createdAtMs, keptUntilMs }) {
      await pool.query(
        'INSERT INTO vault_file (id, tenant, name, created_at_ms, kept_until_ms) VALUES ($1, $2, $3, $4, $5)',
        [id, tenant, name, createdAtMs, keptUntilMs],
      );
    },
    async addPart(file, { number, sealed, sizeBytes }) {
      await pool.query(
        `WITH known AS (UPDATE vault_file SET size_bytes = $4 WHERE id = $1)
         INSERT INTO vault_file_part VALUES ($1, $2, $3)`,
        [file, number, sealed, sizeBytes],
      );
    },
    async storedBytes(tenant) {
      const { rows } = await pool.query<{ bytes: string }>(
        `SELECT (SELECT coalesce(sum(size_bytes), 0) FROM vault_file WHERE tenant = $1)
           + (SELECT coalesce(sum(input_bytes), 0) FROM vault_batch WHERE tenant = $1 AND counts IS NULL) AS bytes`,
        [tenant],
      );
      return Number(rows[0]?.bytes);
    },
    async countStored(tenant, most) {
      const { rows } = await pool.query<{ count: number }>(
        `SELECT count(*) AS count FROM (SELECT 1 FROM vault_file WHERE tenant = $1
           UNION ALL SELECT 1 FROM vault_batch WHERE tenant = $1 LIMIT $2) AS one`,
        [tenant, most],
      );
      return rows[0]?.count ?? 0;
    },
    async closeFile(file, { sizeBytes, purpose, keptUntilMs, atMs }) {
      await pool.query(
        'UPDATE vault_file SET size_bytes = $2, purpose = $3, kept_until_ms = $4, whole_at_ms = $5 WHERE id = $1',
        [file, sizeBytes, purpose, keptUntilMs, atMs],
      );
    },
    async findFile(tenant, id, atMs) {
      const { rows } = await pool.query<FileRecord>(
        'SELECT * FROM vault_file WHERE tenant = $1 AND id = $2 AND whole_at_ms IS NOT NULL AND kept_until_ms > $3',
        [tenant, textOf(id), atMs],
      );
      return rows[0] === undefined ? null : fileOf(rows[0]);
    },
    async listFiles(tenant, { after, limit, order, purpose, atMs }) {
      const { rows } = await pool.query<FileRecord>(LIST(order === 'asc' ? 'ASC' : 'DESC'), [
        tenant,
        after,
        purpose,
        limit,
        atMs,
      ]);
      return rows.map(fileOf);
    },
    async readPart(file, number) {
      const { rows } = await pool.query<{ sealed: Buffer }>(
        'SELECT sealed FROM vault_file_part WHERE file = $1 AND number = $2',
        [file, number],
      );
      return rows[0]?.sealed ?? null;
    },
    async deleteFile(tenant, id) {
      const { rowCount } = await pool.query('DELETE FROM vault_file WHERE tenant = $1 AND id = $2', [
        tenant,
        textOf(id),
      ]);
      return rowCount === 1;
    },
  };
}

function fileOf(row: FileRecord): FileRow {
  return {
    id: row.id,
    tenant: row.tenant,
    purpose: row.purpose,
    name: row.name,
    sizeBytes: row.size_bytes,
    createdAtMs: row.created_at_ms,
    keptUntilMs: row.kept_until_ms,
  };
}

interface ResponseRecord {
  readonly id: string;
  readonly tenant: string;
  readonly sealed: Buffer;
  readonly created_at_ms: number;
  readonly kept_until_ms: number;
}

export function openResponseRows(pool: pg.Pool): ResponseRows {
  return {
    async insertResponse({ id, tenant, sealed, createdAtMs, keptUntilMs }) {
      await pool.query('INSERT INTO vault_response VALUES ($1, $2, $3, $4, $5)', [
        id,
        tenant,
        sealed,
        createdAtMs,
        keptUntilMs,
      ]);
    },
    async findResponse(tenant, id, atMs) {
      const { rows } = await pool.query<ResponseRecord>(
        'SELECT * FROM vault_response WHERE tenant = $1 AND id = $2 AND kept_until_ms > $3',
        [tenant, textOf(id), atMs],
      );
      return rows[0] === undefined ? null : responseOf(rows[0]);
    },
    async deleteResponse(tenant, id) {
      const { rowCount } = await pool.query('DELETE FROM vault_response WHERE tenant = $1 AND id = $2', [
        tenant,
        textOf(id),
      ]);
      return rowCount === 1;
    },
  };
}

function responseOf({ id, tenant, sealed, created_at_ms, kept_until_ms }: ResponseRecord): ResponseRow {
  return { id, tenant, sealed, createdAtMs: created_at_ms, keptUntilMs: kept_until_ms };
}
