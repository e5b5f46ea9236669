import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kit/index.ts';
import type { Page } from '../../vault/ports.ts';
import type { KeptResponse } from '../../vault/schema.ts';
import type { ApiParts } from '../parts.ts';
import { callerOf, listOf, readPage } from '../vault-requests.ts';

type WithId = { Params: { id: string } };

/** What is kept of `/v1/responses`: to read, to go on from, to delete. */
export function responseRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get<WithId & { Querystring: { stream?: string } }>('/v1/responses/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    if (request.query.stream === 'true')
      throw new Problem('unsupported-parameter', 'what was kept is not streamed again; leave out `stream`', {
        param: 'stream',
      });
    const { response } = await parts.vault.responses.load(caller.tenant.id, request.params.id);
    return reply.header('cache-control', 'no-store').send(response);
  });
  app.get<WithId>('/v1/responses/:id/input_items', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const kept = await parts.vault.responses.load(caller.tenant.id, request.params.id);
    return reply.header('cache-control', 'no-store').send(itemPage(inputItems(kept), readPage(request.query)));
  });
  app.delete<WithId>('/v1/responses/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const { id } = request.params;
    await parts.vault.responses.delete(caller.tenant.id, id);
    return reply.send({ id, object: 'response', deleted: true });
  });
}

/** Each with an id and a type: clients may leave out both. */
function inputItems({ items, inputFrom, inputTo }: KeptResponse): Item[] {
  return items
    .slice(inputFrom, inputTo)
    .map((item, at) => ({ id: `item_${inputFrom + at}`, type: 'message', ...(item as object) }));
}

interface Item {
  readonly id: string;
}

/** https://platform.openai.com/docs/api-reference/responses/input-items (2026-11) @throws Problem `invalid-request` */
function itemPage(items: readonly Item[], { after, limit, order }: Page) {
  const ordered = order === 'asc' ? items : items.toReversed();
  const last = after === null ? -1 : ordered.findIndex(({ id }) => id === after);
  if (after !== null && last < 0)
    throw new Problem('invalid-request', '`after` is the id of no item of this response', { param: 'after' });
  return listOf(ordered.slice(last + 1), limit);
}
