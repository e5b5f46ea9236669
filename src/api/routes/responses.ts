import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.ts';
import { callerOf } from '../vault-requests.ts';

type WithId = { Params: { id: string } };

/** What is kept of `/v1/responses`: to read, to go on from, to delete. */
export function responseRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get<WithId>('/v1/responses/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const { response } = await parts.vault.responses.load(caller.tenant.id, request.params.id);
    return reply.header('cache-control', 'no-store').send(response);
  });
  app.get<WithId>('/v1/responses/:id/input_items', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const kept = await parts.vault.responses.load(caller.tenant.id, request.params.id);
    const data = kept.items
      .slice(kept.inputFrom, kept.inputTo)
      .map((item, at) => ({ id: `item_${kept.inputFrom + at}`, ...(item as object) }));
    const ids = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return reply.header('cache-control', 'no-store').send({ object: 'list', data, ...ids, has_more: false });
  });
  app.delete<WithId>('/v1/responses/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const { id } = request.params;
    await parts.vault.responses.delete(caller.tenant.id, id);
    return reply.send({ id, object: 'response', deleted: true });
  });
}
