/** Who asks. Keys are looked up by hash in memory; no SQL on the path. */
import type { Limits, Tenant } from '../charter/schema.ts';

export type Role = 'administrator' | 'operator' | 'auditor' | 'caller';

export interface ApiKey {
  /** Public id, such as `key_2f9c01ab`; never part of the secret. */
  readonly id: string;
  readonly tenant: string;
  /** Ids of purposes; the first is the default. */
  readonly purposes: readonly string[];
  /** Level id that requests with this key carry unless a header says otherwise; null: the tenant's highest. */
  readonly defaultLevel: string | null;
  readonly limits: Limits;
  readonly role: Role;
  /** Wall milliseconds, or null for no end. */
  readonly expiresAtMs: number | null;
}

export interface Caller {
  readonly key: ApiKey;
  readonly tenant: Tenant;
}

export interface KeyRing {
  /** Takes the presented secret; null when unknown, revoked or expired. Constant work per call. */
  find(secret: string): ApiKey | null;
}
