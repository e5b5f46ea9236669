import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';

/** `GET /v1/receipts/{id}`: whoever holds the id may read it, from any origin, so that a browser elsewhere can verify. */
export function receiptRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Params: { id: string } }>('/v1/receipts/:id', async (request, reply) => {
    const { id } = request.params;
    const receipt = /^[0-9a-f]{32}$/.test(id) ? await parts.ledger.readReceipt(id) : null;
    if (receipt === null)
      throw new Problem('not-found', 'there is no receipt with this id; check it for missing characters');
    return reply
      .code(receipt.state === 'erased' ? 410 : 200)
      .header('cache-control', 'no-store')
      .send(receipt);
  });
}
