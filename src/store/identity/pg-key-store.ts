import type pg from 'pg';
import type { KeyRecord, KeyStore, NewKey, Role } from '../../identity/ports.ts';

export interface KeyRow {
  id: string;
  secret_hash: string;
  name: string;
  tenant: string;
  project: string | null;
  purposes: string[];
  default_level: string | null;
  limits: KeyRecord['limits'];
  role: Role;
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
}

export function keyOf(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    tenant: row.tenant,
    project: row.project,
    purposes: row.purposes,
    defaultLevel: row.default_level,
    limits: row.limits,
    role: row.role,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
  };
}

export function openKeyStore(pool: pg.Pool): KeyStore {
  return {
    insert: (key) => insertKey(pool, key),
    async list({ tenant }) {
      const { rows } = await pool.query<KeyRow>(
        'SELECT * FROM api_key WHERE $1::text IS NULL OR tenant = $1 ORDER BY created_at_ms DESC, id',
        [tenant ?? null],
      );
      return rows.map(keyOf);
    },
    async revoke(id, atMs) {
      const { rows } = await pool.query<KeyRow>(
        'UPDATE api_key SET revoked_at_ms = coalesce(revoked_at_ms, $2) WHERE id = $1 RETURNING *',
        [id, atMs],
      );
      return rows[0] === undefined ? null : keyOf(rows[0]);
    },
  };
}

async function insertKey(pool: pg.Pool, key: NewKey): Promise<void> {
  await pool.query(
    `INSERT INTO api_key (id, secret_hash, name, tenant, purposes, default_level, limits, role, created_at_ms, expires_at_ms, project)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      key.id,
      key.secretHash,
      key.name,
      key.tenant,
      key.purposes,
      key.defaultLevel,
      JSON.stringify(key.limits),
      key.role,
      key.createdAtMs,
      key.expiresAtMs,
      key.project,
    ],
  );
}
