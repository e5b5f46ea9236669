import { randomBytes } from 'node:crypto';
import type { Charter } from '../charter/schema.ts';
import { createAdminLink, createKey } from '../identity/index.ts';
import { Problem, systemClock } from '../kit/index.ts';
import {
  checkInstallation,
  type Database,
  openKeyFolder,
  openKeyStore,
  openSessionStore,
  prepareWrappingKey,
} from '../store/index.ts';

type Pool = Database<never>['pool'];

/** The installation's id: in the database and in the key folder, and the same. @throws Problem when they differ */
export async function openInstallation(pool: Pool, dataDir: string): Promise<{ id: string }> {
  const keys = openKeyFolder(dataDir);
  const found = await checkInstallation(pool, keys.installation(), () => randomBytes(8).toString('hex'));
  if (found.kind === 'differs') {
    const database = found.database ?? 'no installation';
    const folder = found.folder ?? 'no installation';
    throw new Problem(
      'internal',
      `the database belongs to ${database}, the key folder ${dataDir}/keys to ${folder}; bring the two together that belong together, or nothing may be signed`,
    );
  }
  if (found.kind === 'created') keys.keepInstallation(found.id);
  await prepareWrappingKey(pool, keys);
  return { id: found.id };
}

/**
 * The first key belongs to the first agency of the charter, else to its first tenant, for all its purposes. Made while
 * there is none at all, so that a first start that was cut short is made up for.
 */
export async function createFirstAccess(
  pool: Pool,
  charter: Charter,
  publicUrl: string,
): Promise<{ apiKey: string | null; adminUrl: string | null }> {
  const store = openKeyStore(pool);
  if ((await store.list({})).length > 0) return { apiKey: null, adminUrl: null };
  const tenant = charter.tenants.find(({ kind }) => kind === 'agency') ?? charter.tenants[0];
  if (tenant === undefined)
    throw new Problem('charter-invalid', 'the charter names no tenant, so nobody could ask; add one to tenants.yaml');
  const nowMs = systemClock.wallMs();
  const wish = { tenant: tenant.id, purposes: [...tenant.purposes], name: 'first key' };
  const { secret } = await createKey(wish, { store, charter, nowMs });
  const link = await createAdminLink({ store: openSessionStore(pool), clock: systemClock, publicUrl });
  return { apiKey: secret, adminUrl: link.url };
}
