import { type Clock, fromUtf8, Problem, utf8 } from '../kit/index.ts';
import type { ResponseKeeper, ResponseOwner, ResponseRows } from './ports.ts';
import type { KeptResponse } from './schema.ts';
import type { TenantKeys } from './tenant-keys.ts';

const DAY_MS = 86_400_000;

export interface ResponseDeskParts {
  readonly store: ResponseRows;
  readonly keys: TenantKeys;
  readonly clock: Clock;
}

/** The state of conversations over `/v1/responses`: kept here, never by an upstream. */
export class ResponseDesk implements ResponseKeeper {
  readonly #parts: ResponseDeskParts;

  constructor(parts: ResponseDeskParts) {
    this.#parts = parts;
  }

  async keep(owner: ResponseOwner, kept: KeptResponse): Promise<void> {
    const { store, keys, clock } = this.#parts;
    const id = String(kept.response.id);
    const sealed = await keys.sealOf(owner.tenant);
    const createdAtMs = clock.wallMs();
    await store.insertResponse({
      id,
      tenant: owner.tenant,
      sealed: sealed.seal(utf8(JSON.stringify({ ...kept, purpose: owner.purpose.id })), placeOf(id)),
      createdAtMs,
      keptUntilMs: createdAtMs + owner.purpose.retentionDays * DAY_MS,
    });
  }

  /** @throws Problem `not-found`, also for what belongs to another tenant or was kept long enough */
  async load(tenant: string, id: string): Promise<KeptResponse> {
    const { store, keys, clock } = this.#parts;
    const row = await store.findResponse(tenant, id, clock.wallMs());
    if (row === null) throw nothingHere(id);
    const sealed = await keys.sealOf(tenant);
    return JSON.parse(fromUtf8(sealed.open(row.sealed, placeOf(id)))) as KeptResponse;
  }

  /** For a request that goes on from it: what was said for one purpose is not used for another. */
  async resume({ tenant, purpose }: ResponseOwner, id: string): Promise<KeptResponse> {
    const kept = await this.load(tenant, id);
    if (kept.purpose !== purpose.id) throw nothingHere(id);
    return kept;
  }

  async delete(tenant: string, id: string): Promise<void> {
    if (!(await this.#parts.store.deleteResponse(tenant, id))) throw nothingHere(id);
  }
}

function placeOf(id: string) {
  return { table: 'vault_response', row: id, column: 'sealed' };
}

function nothingHere(id: string): Problem {
  const detail = `there is no response \`${id.slice(0, 80)}\` of yours; it was never kept, or its purpose keeps nothing for so long`;
  return new Problem('not-found', detail, { param: 'previous_response_id' });
}
