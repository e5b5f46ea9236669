import type pg from 'pg';

/** True when this digest was not noted before: then it is to be announced. */
export async function noteVerifiedModel(pool: pg.Pool, model: { id: string; sha256: string }): Promise<boolean> {
  const text = 'INSERT INTO model_verified (sha256, id) VALUES ($1, $2) ON CONFLICT DO NOTHING';
  const { rowCount } = await pool.query(text, [model.sha256, model.id]);
  return rowCount === 1;
}
