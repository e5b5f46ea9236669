import type pg from 'pg';
import { sweepAssistant } from './assistant/sweep-assistant.ts';
import { sweepVault } from './vault/open-vault-store.ts';

/**
 * Deletes what no request can ask for again: old minutes, ended leases, links and sessions that ran out a day ago,
 * conversations that were kept long enough. Hourly is often enough.
 */
export async function sweepRows(pool: pg.Pool, nowMs: number): Promise<void> {
  const dayAgoMs = nowMs - 86_400_000;
  await pool.query('SELECT programmes_sweep()');
  await pool.query('DELETE FROM admin_link WHERE expires_at_ms < $1', [dayAgoMs]);
  await pool.query('DELETE FROM session WHERE expires_at_ms < $1', [dayAgoMs]);
  await pool.query('DELETE FROM backend_minute WHERE minute < $1', [new Date(dayAgoMs)]);
  await sweepAssistant(pool, nowMs);
  await sweepVault(pool, nowMs);
}
