import type pg from 'pg';

/** Partial tiles and bundles whose full one has been there for a day: no cached checkpoint needs them. */
export async function sweepTiles(pool: pg.Pool): Promise<number> {
  const tiles = await pool.query(
    `DELETE FROM tile AS p USING tile AS f
     WHERE p.width < 256 AND f.log = p.log AND f.level = p.level AND f.index = p.index
       AND f.width = 256 AND f.made_at < now() - interval '24 hours'`,
  );
  const bundles = await pool.query(
    `DELETE FROM bundle AS p USING bundle AS f
     WHERE p.width < 256 AND f.log = p.log AND f.index = p.index
       AND f.width = 256 AND f.made_at < now() - interval '24 hours'`,
  );
  return (tiles.rowCount ?? 0) + (bundles.rowCount ?? 0);
}
