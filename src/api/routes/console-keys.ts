import type { FastifyInstance } from 'fastify';
import { createKey, type KeyWish, revokeKey } from '../../identity/index.ts';
import { needStaff, unshared } from '../console/guard-staff.ts';
import type { ApiParts } from '../parts.ts';
import type { CreatedKeyView, KeysView, TenantView } from '../schema.ts';

/** Keys and the tenants that they belong to. Only administrators change them. */
export function consoleKeyRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { keyStore: store } = parts;

  app.get('/api/console/keys', async (request, reply) => {
    await needStaff(request, 'read-keys', parts);
    const view: KeysView = { keys: await store.list({}) };
    return unshared(reply).send(view);
  });

  app.post('/api/console/keys', async (request, reply) => {
    await needStaff(request, 'change-keys', parts);
    const { charter } = parts.inForce();
    const created = await createKey(request.body as KeyWish, { store, charter, nowMs: parts.clock.wallMs() });
    return unshared(reply)
      .code(201)
      .send(created satisfies CreatedKeyView);
  });

  app.delete<{ Params: { id: string } }>('/api/console/keys/:id', async (request, reply) => {
    await needStaff(request, 'change-keys', parts);
    const key = await revokeKey(request.params.id, { store, nowMs: parts.clock.wallMs() });
    return unshared(reply).send({ key });
  });

  app.get('/api/console/tenants', async (request, reply) => {
    await needStaff(request, 'read-keys', parts);
    const keys = await store.list({});
    const tenants = parts.inForce().charter.tenants.map(
      ({ id, name, kind, purposes, clearance, limits }): TenantView => ({
        id,
        name,
        kind,
        purposes,
        clearance,
        limits: Object.fromEntries(
          Object.entries(limits).filter((pair): pair is [string, number] => pair[1] !== undefined),
        ),
        keys: keys.filter(({ tenant, revokedAtMs }) => tenant === id && revokedAtMs === null).length,
      }),
    );
    return unshared(reply).send({ tenants });
  });
}
