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
  if (database !== null && folder === null && !(await hasLogs(pool))) return { kind: 'created', id: database };
  return { kind: 'differs', database, folder };
}

/** Without a log nothing was ever signed: the first start was cut short between the database and the folder. */
async function hasLogs(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ has: boolean }>('SELECT EXISTS (SELECT FROM log) AS has');
  return rows[0]?.has ?? true;
}
