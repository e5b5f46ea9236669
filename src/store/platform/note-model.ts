import type pg from 'pg';
import { governanceLeaf } from '../../ledger/index.ts';
import type { GovernanceRecord } from '../../ledger/ports.ts';

/** Notes a digest and announces it, once for each digest: both or neither, whenever we die. */
export async function announceVerifiedModel(
  pool: pg.Pool,
  record: GovernanceRecord & { readonly sha256: string },
): Promise<void> {
  await pool.query(
    `WITH fresh AS (INSERT INTO model_verified (sha256, id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING sha256)
     INSERT INTO pending (family, leaf) SELECT 'governance', $3 FROM fresh`,
    [record.sha256, record.id, Buffer.from(governanceLeaf(record))],
  );
}
