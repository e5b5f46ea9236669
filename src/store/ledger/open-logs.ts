import type pg from 'pg';
import { formatTime } from '../../kit/index.ts';
import { EMPTY_ROOT, governanceLeaf, receiptKeyId, type SigningKey, verifierKey } from '../../ledger/index.ts';
import type { GovernanceRecord } from '../../ledger/ports.ts';
import type { KeyFolder } from '../keys/key-folder.ts';

export interface OpenLog {
  readonly name: string;
  readonly family: string;
  readonly origin: string;
  readonly key: SigningKey;
}

export interface LogNaming {
  /** First part of every origin. */
  readonly domain: string;
  readonly installation: string;
}

/** Shards are half-years: `decisions-2026h2`. */
export function shardName(family: string, wallMs: number): string {
  const date = new Date(wallMs);
  return `${family}-${date.getUTCFullYear()}h${date.getUTCMonth() < 6 ? 1 : 2}`;
}

/** A record becomes durable in the queue of the governance log; the ledger process moves it into the tree. */
async function announce(
  client: pg.Pool | pg.PoolClient,
  record: GovernanceRecord,
  keyId: string | null = null,
): Promise<void> {
  await client.query(`INSERT INTO pending (family, leaf, key_id) VALUES ('governance', $1, $2)`, [
    Buffer.from(governanceLeaf(record)),
    keyId,
  ]);
  await client.query(`SELECT pg_notify('polity_ledger', '')`);
}

/**
 * The shard of this half-year. Opening one freezes the shard before it, in one transaction and in public.
 * What is still pending goes to the new shard: an entry belongs to the log that is active when it is sequenced.
 */
export async function openShard(
  pool: pg.Pool,
  keys: KeyFolder,
  want: LogNaming & { family: string; wallMs: number },
): Promise<OpenLog> {
  const name = shardName(want.family, want.wallMs);
  const origin = `${want.domain}/${want.installation}/${name}`;
  const key = keys.key(`log-${name}`);
  const vkey = verifierKey(origin, key);
  const found = await pool.query<{ origin: string; vkey: string }>('SELECT origin, vkey FROM log WHERE name = $1', [
    name,
  ]);
  const [row] = found.rows;
  if (row !== undefined) {
    // The origin was fixed when the log was opened; a later change of the charter's domain counts from the next shard.
    const ownVkey = verifierKey(row.origin, key);
    if (row.vkey !== ownVkey)
      throw new Error(`the key of ${name} is not in the key folder: restore the folder that belongs to this database`);
    return { name, family: want.family, origin: row.origin, key };
  }
  await createShard(pool, { name, family: want.family, origin, vkey, time: formatTime(want.wallMs) });
  return { name, family: want.family, origin, key };
}

/** The shard that is active now, whatever the clock says. Null before the first. */
export async function openActiveLog(pool: pg.Pool, keys: KeyFolder, family: string): Promise<OpenLog | null> {
  const { rows } = await pool.query<{ name: string; origin: string }>(
    `SELECT name, origin FROM log WHERE family = $1 AND state = 'active'`,
    [family],
  );
  return rows[0] === undefined ? null : { ...rows[0], family, key: keys.key(`log-${rows[0].name}`) };
}

async function createShard(pool: pg.Pool, log: Omit<OpenLog, 'key'> & { vkey: string; time: string }): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const old = await client.query<{ name: string; size: number; checkpoint: string | null }>(
      `UPDATE log SET state = 'frozen', epoch = epoch + 1 WHERE family = $1 AND state = 'active' RETURNING name, size, checkpoint`,
      [log.family],
    );
    for (const { name, size, checkpoint } of old.rows) {
      await announce(client, { type: 'log.frozen', id: name, time: log.time, entries: size, checkpoint });
    }
    await client.query('INSERT INTO log (name, family, origin, vkey, root) VALUES ($1, $2, $3, $4, $5)', [
      log.name,
      log.family,
      log.origin,
      log.vkey,
      Buffer.from(EMPTY_ROOT),
    ]);
    await announce(client, { type: 'log.opened', id: log.name, time: log.time, origin: log.origin, vkey: log.vkey });
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw cause;
  } finally {
    client.release();
  }
}

/** The key that signs receipts, announced once in the governance log. */
export async function openReceiptKey(
  pool: pg.Pool,
  keys: KeyFolder,
  wallMs: number,
): Promise<{ id: string; key: SigningKey }> {
  const key = keys.key('receipt');
  const id = receiptKeyId(key.publicKey);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query(
      'INSERT INTO receipt_key (id, public_key, valid_from) VALUES ($1, $2, to_timestamp($3::double precision / 1000)) ON CONFLICT DO NOTHING',
      [id, Buffer.from(key.publicKey), Math.floor(wallMs / 1000) * 1000],
    );
    if (rowCount === 1) {
      const publicKey = Buffer.from(key.publicKey).toString('base64');
      await announce(
        client,
        { type: 'key.announced', id, time: formatTime(wallMs), alg: 'Ed25519', use: 'receipt', publicKey },
        id,
      );
    }
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw cause;
  } finally {
    client.release();
  }
  return { id, key };
}
