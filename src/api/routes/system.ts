import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.ts';

/** Life, readiness and counters: what a supervisor, a load balancer and Prometheus ask. */
export function systemRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await parts.readiness();
    return reply
      .code(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness);
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.type(parts.metrics.contentType).send(await parts.metrics.render());
  });
}
