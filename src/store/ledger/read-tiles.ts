import type pg from 'pg';
import type { TilePlace } from '../../ledger/ports.ts';

interface BytesRow {
  readonly bytes: Buffer;
}

export async function readTile(pool: pg.Pool, log: string, place: TilePlace): Promise<Uint8Array | null> {
  const { rows } = await pool.query<BytesRow>({
    name: 'read-tile',
    text: 'SELECT bytes FROM tile WHERE log = $1 AND level = $2 AND index = $3 AND width = $4',
    values: [log, place.level, place.index, place.width],
  });
  return rows[0]?.bytes ?? null;
}

export async function readBundle(
  pool: pg.Pool,
  log: string,
  place: Omit<TilePlace, 'level'>,
): Promise<Uint8Array | null> {
  const { rows } = await pool.query<BytesRow>({
    name: 'read-bundle',
    text: 'SELECT bytes FROM bundle WHERE log = $1 AND index = $2 AND width = $3',
    values: [log, place.index, place.width],
  });
  return rows[0]?.bytes ?? null;
}
