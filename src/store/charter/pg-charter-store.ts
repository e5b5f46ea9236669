import type pg from 'pg';
import type { CharterStore, CharterVersion, NewCharterVersion } from '../../charter/ports.ts';
import type { CharterBytes } from '../../charter/schema.ts';
import { governanceLeaf } from '../../ledger/index.ts';

/** Payload: the digest of the version that is in force now. */
export const CHARTER_CHANNEL = 'polity_charter';

interface VersionRow {
  digest: string;
  country: string;
  status: CharterVersion['status'];
  quorum: number;
  proposed_at_ms: number;
  adopted_at_ms: number | null;
}

export function openCharterStore(pool: pg.Pool): CharterStore {
  return {
    saveVersion: (version) => saveVersion(pool, version),
    loadVersion: (digest) => loadVersion(pool, digest),
    async adopt(digest, atMs, record) {
      await pool.query(
        `WITH adopted AS (INSERT INTO charter_adoption (digest, adopted_at_ms) VALUES ($1, $2) RETURNING digest)
         INSERT INTO pending (family, leaf) SELECT 'governance', $3 FROM adopted`,
        [digest, atMs, Buffer.from(governanceLeaf({ ...record }))],
      );
    },
    async currentVersion() {
      const { rows } = await pool.query<VersionRow>(
        `SELECT v.*, a.adopted_at_ms FROM charter_adoption a JOIN charter_version v USING (digest)
         ORDER BY a.sequence DESC LIMIT 1`,
      );
      return rows[0] === undefined ? null : versionOf(rows[0]);
    },
    async history() {
      const { rows } = await pool.query<VersionRow>(
        `SELECT v.*, a.adopted_at_ms FROM charter_version v LEFT JOIN charter_adoption a USING (digest)
         ORDER BY coalesce(a.adopted_at_ms, v.proposed_at_ms) DESC, a.sequence DESC NULLS FIRST, v.digest`,
      );
      return rows.map(versionOf);
    },
  };
}

function versionOf(row: VersionRow): CharterVersion {
  return {
    digest: row.digest,
    country: row.country,
    status: row.status,
    quorum: row.quorum,
    proposedAtMs: row.proposed_at_ms,
    adoptedAtMs: row.adopted_at_ms,
  };
}

async function saveVersion(pool: pg.Pool, version: NewCharterVersion): Promise<void> {
  const paths = [...version.bytes.keys()];
  const contents = paths.map((path) => Buffer.from(version.bytes.get(path) ?? []));
  // One statement: the version is there with all its files, or not at all.
  await pool.query(
    `WITH fresh AS (
       INSERT INTO charter_version (digest, country, status, quorum, proposed_at_ms) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING digest
     )
     INSERT INTO charter_file (digest, path, content)
     SELECT fresh.digest, file.path, file.content FROM fresh, unnest($6::text[], $7::bytea[]) AS file (path, content)`,
    [version.digest, version.country, version.status, version.quorum, version.proposedAtMs, paths, contents],
  );
}

async function loadVersion(pool: pg.Pool, digest: string): Promise<CharterBytes | null> {
  const { rows } = await pool.query<{ path: string; content: Buffer }>(
    'SELECT path, content FROM charter_file WHERE digest = $1 ORDER BY path',
    [digest],
  );
  return rows.length === 0 ? null : new Map(rows.map(({ path, content }) => [path, Uint8Array.from(content)]));
}
