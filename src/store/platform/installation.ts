import type pg from 'pg';

export type InstallationCheck =
  | { readonly kind: 'same'; readonly id: string }
  | { readonly kind: 'created'; readonly id: string }
  /** The key folder and the database belong to different installations: nothing may be signed. */
  | { readonly kind: 'differs'; readonly database: string | null; readonly folder: string | null };

/** Compares the id in the key folder with the one in the database; makes it where neither has one. */
export async function checkInstallation(
  pool: pg.Pool,
  folder: string | null,
  fresh: () => string,
): Promise<InstallationCheck> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM installation');
  const database = rows[0]?.id ?? null;
  if (database === null && folder === null) {
    const id = fresh();
    await pool.query('INSERT INTO installation (id) VALUES ($1)', [id]);
    return { kind: 'created', id };
  }
  if (database !== null && database === folder) return { kind: 'same', id: database };
  return { kind: 'differs', database, folder };
}
