import type pg from 'pg';
import type { VaultStore } from '../../vault/ports.ts';
import { openBatchRows } from './batches.ts';
import { openFileRows, openKeyRows, openResponseRows } from './files.ts';

export function openVaultStore(pool: pg.Pool): VaultStore {
  return { ...openKeyRows(pool), ...openFileRows(pool), ...openResponseRows(pool), ...openBatchRows(pool) };
}

/** What was kept long enough goes, and uploads that never became whole. */
export async function sweepVault(pool: pg.Pool, nowMs: number): Promise<void> {
  const dayAgoMs = nowMs - 86_400_000;
  await pool.query(
    'DELETE FROM vault_file WHERE kept_until_ms <= $1 OR (whole_at_ms IS NULL AND created_at_ms <= $2)',
    [nowMs, dayAgoMs],
  );
  await pool.query('DELETE FROM vault_response WHERE kept_until_ms <= $1', [nowMs]);
  await pool.query('DELETE FROM vault_batch WHERE kept_until_ms <= $1', [nowMs]);
}
