import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.ts';

/** `GET /.well-known/polity`: what this service is, and the keys and logs that a verifier starts from. */
export function descriptionRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/.well-known/polity', async (_request, reply) => {
    const { charter } = parts.inForce();
    const [receiptKeys, logs] = await Promise.all([parts.ledger.receiptKeys(), parts.ledger.listLogs()]);
    return reply.header('cache-control', 'no-cache').send({
      version: parts.version,
      commit: parts.commit,
      installation: parts.installation,
      charter: { country: charter.country.country, digest: charter.digest, status: charter.country.status },
      receiptKeys,
      logs,
      links: {
        models: `${parts.publicUrl}/v1/models`,
        chat: `${parts.publicUrl}/v1/chat/completions`,
        receipts: `${parts.publicUrl}/v1/receipts/{id}`,
        problems: `${parts.publicUrl}/problems/{code}`,
      },
    });
  });
}
