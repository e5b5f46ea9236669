import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kit/index.ts';
import { batchRequest } from '../../vault/schema.ts';
import type { ApiParts } from '../parts.ts';
import { readRequestKey } from '../read-request-key.ts';
import { callerOf, listOf, nameDropped, readPage } from '../vault-requests.ts';

type WithId = { Params: { id: string } };

/** `/v1/batches`: many requests that may take a day, behind everybody who waits. */
export function batchRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.post('/v1/batches', async (request, reply) => {
    const { caller, purpose } = await callerOf(request, parts);
    const result = batchRequest.safeParse(request.body);
    if (!result.success) {
      const [issue] = result.error.issues;
      const param = issue?.path.join('.') ?? '';
      if (param === '') throw new Problem('invalid-request', 'the body is no order of a batch; send one JSON object');
      throw new Problem('invalid-request', `\`${param}\` is not valid: ${issue?.message ?? 'unknown'}`, { param });
    }
    const room = parts.inForce().charter.country.bounds;
    const owner = { tenant: caller.tenant.id, keyId: caller.key.id, purpose, room };
    const dropped = Object.keys(request.body as object).filter((name) => !Object.hasOwn(batchRequest.shape, name));
    const wish = { owner, asked: result.data, requestKey: readRequestKey(request.headers) };
    return nameDropped(reply, dropped).send(await parts.vault.batches.create(wish));
  });
  app.get('/v1/batches', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const page = readPage(request.query);
    const batches = await parts.vault.batches.list(caller.tenant.id, { ...page, limit: page.limit + 1 });
    return reply.header('cache-control', 'no-store').send(listOf(batches, page.limit));
  });
  app.get<WithId>('/v1/batches/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    return reply
      .header('cache-control', 'no-store')
      .send(await parts.vault.batches.find(caller.tenant.id, request.params.id));
  });
  app.post<WithId>('/v1/batches/:id/cancel', { config: { takesNothing: true } }, async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    return reply.send(await parts.vault.batches.cancel(caller.tenant.id, request.params.id));
  });
}
