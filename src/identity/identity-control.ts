import { z } from 'zod';
import type { Charter } from '../charter/schema.ts';
import type { Clock } from '../kit/index.ts';
import { type CreatedKey, createKey, type KeyWish } from './create-key.ts';
import type { KeyRecord, KeyStore, SessionStore } from './ports.ts';
import { readFields } from './read-fields.ts';
import { revokeKey } from './revoke-key.ts';
import { createAdminLink } from './session-desk.ts';

export interface IdentityControlParts {
  readonly keys: KeyStore;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** The one in force now. */
  charter(): Charter;
}

/** What the control socket answers at `POST /<name>`. */
export interface IdentityControl {
  'keys/create'(body: unknown): Promise<CreatedKey>;
  'keys/list'(body: unknown): Promise<{ keys: KeyRecord[] }>;
  'keys/revoke'(body: unknown): Promise<KeyRecord>;
  'admin/link'(body: unknown): Promise<{ url: string; expiresAtMs: number }>;
}

const ListWish = z.strictObject({ tenant: z.string().optional() });
const RevokeWish = z.strictObject({ id: z.string() });
const LinkWish = z.strictObject({ role: z.enum(['administrator', 'operator', 'auditor']).default('administrator') });

/** Whoever reaches the control socket owns the data folder and may do all of this. */
export function identityControl(parts: IdentityControlParts): IdentityControl {
  const { keys: store, sessions, clock, publicUrl } = parts;
  return {
    'keys/create': (body) => createKey(body as KeyWish, { store, charter: parts.charter(), nowMs: clock.wallMs() }),
    async 'keys/list'(body) {
      const { tenant } = readFields(ListWish, body);
      return { keys: await store.list(tenant === undefined ? {} : { tenant }) };
    },
    'keys/revoke': async (body) => revokeKey(readFields(RevokeWish, body).id, { store, nowMs: clock.wallMs() }),
    'admin/link': async (body) =>
      createAdminLink({ store: sessions, clock, publicUrl, role: readFields(LinkWish, body).role }),
  };
}
