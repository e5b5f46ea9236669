import type pg from 'pg';
import { Problem } from '../../kit/index.ts';
import type { KeyFolder } from './key-folder.ts';

/**
 * For the start, before any process serves: the key-encryption key is there. A new one is made only while nothing is
 * sealed. @throws Problem when it is missing and somebody's conversations need it
 */
export async function prepareWrappingKey(pool: pg.Pool, keys: KeyFolder): Promise<void> {
  if (keys.hasWrappingKey()) return;
  const { rows } = await pool.query<{ kek: string }>(
    'SELECT kek FROM assistant_subject UNION SELECT kek FROM assistant_case UNION SELECT kek FROM vault_key LIMIT 1',
  );
  if (rows[0] !== undefined) {
    throw new Problem(
      'internal',
      `the key folder has no \`content.kek\`, but what people left is sealed under key ${rows[0].kek}; restore the file from a backup`,
    );
  }
  keys.makeWrappingKey();
}
