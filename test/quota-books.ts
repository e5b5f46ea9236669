import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { CharterEdits } from './charter-variant.ts';

/** A token costs a millionth, so that money moves with every answer. */
export function priced(edits: CharterEdits): CharterEdits {
  const { 'backends.yaml': serve, ...others } = edits;
  return {
    ...others,
    'backends.yaml': (document) => {
      serve?.(document);
      document.setIn([0, 'price'], document.createNode({ inputPerMillion: 1, outputPerMillion: 1 }));
    },
  };
}

const BOOKS = `
  SELECT (SELECT sum((convert_from(payload, 'UTF8')::jsonb -> 'predicate' -> 'spent' ->> 'moneyMicros')::bigint) FROM decision) AS signed,
    (SELECT sum(settled) FROM quota_account WHERE limit_kind = 'moneyPerMonth')
      + (SELECT coalesce(sum(spent), 0) FROM quota_lease WHERE limit_kind = 'moneyPerMonth' AND ended_at IS NULL) AS charged,
    (SELECT sum(leased) FROM quota_account) AS leased,
    (SELECT coalesce(sum(granted), 0) FROM quota_lease WHERE ended_at IS NULL) AS granted,
    (SELECT count(*) FROM intent AS i LEFT JOIN worker AS w ON w.id = i.worker AND w.lease_until > now() WHERE w.id IS NULL) AS orphans,
    (SELECT count(*) FROM journal) AS pending`;

/** The embedded database of a data folder. */
export function databaseOf(data: string): string {
  const password = readFileSync(join(data, 'postgres/password'), 'utf8').trim();
  const host = encodeURIComponent(join(data, 'postgres/socket'));
  return `postgres://polity:${password}@localhost/polity?host=${host}`;
}

/** What the receipts say was spent is what the budgets were charged, and nothing is held by the dead. */
export async function expectNoLeak(data: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseOf(data) });
  await client.connect();
  try {
    for (let tries = 0; ; tries++) {
      const { signed, charged, leased, granted, orphans, pending } =
        (await client.query<Record<string, number>>(BOOKS)).rows[0] ?? {};
      const isEven =
        Number(signed) === Number(charged) &&
        Number(leased) === Number(granted) &&
        Number(orphans) + Number(pending) === 0;
      if (isEven) return;
      if (tries > 150) assert.fail(JSON.stringify({ signed, charged, leased, granted, orphans, pending }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await client.end();
  }
}
