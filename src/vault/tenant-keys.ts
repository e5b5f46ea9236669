import { type Clock, makeDataKey, type Place, seal, unseal, unwrapDataKey, type WrappingKey } from '../kit/index.ts';
import type { KeyRows } from './ports.ts';

const TABLE = 'vault_key';

/** Seals and opens what one tenant keeps. */
export interface TenantSeal {
  seal(plain: Uint8Array, place: Place): Uint8Array;
  open(sealed: Uint8Array, place: Place): Uint8Array;
}

export interface TenantKeysOptions {
  readonly store: KeyRows;
  readonly kek: WrappingKey;
  readonly clock: Clock;
}

/** One key for each tenant, made when the tenant first keeps something. Bounded by the tenants of the charter. */
export class TenantKeys {
  readonly #options: TenantKeysOptions;
  readonly #open = new Map<string, Promise<TenantSeal>>();

  constructor(options: TenantKeysOptions) {
    this.#options = options;
  }

  sealOf(tenant: string): Promise<TenantSeal> {
    const known = this.#open.get(tenant);
    if (known !== undefined) return known;
    const opening = this.#load(tenant);
    this.#open.set(tenant, opening);
    // Another try may find the database again.
    opening.catch(() => this.#open.delete(tenant));
    return opening;
  }

  async #load(tenant: string): Promise<TenantSeal> {
    const { store, kek, clock } = this.#options;
    const stored = await store.keepKey(tenant, makeDataKey(kek, TABLE, tenant), clock.wallMs());
    const key = unwrapDataKey(stored, kek, { table: TABLE, id: tenant });
    return { seal: (plain, place) => seal(plain, key, place), open: (sealed, place) => unseal(sealed, key, place) };
  }
}
