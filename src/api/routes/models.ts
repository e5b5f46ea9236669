import type { FastifyInstance } from 'fastify';
import { type CharterInForce, findKey } from '../../gateway/index.ts';
import { Problem } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';

/** `GET /v1/models`: what the charter names and a backend serves, with place and operator. */
export function modelRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/v1/models', (request, reply) => {
    findKey(request.headers, parts.keys);
    return reply.header('cache-control', 'no-store').send({ object: 'list', data: listModels(parts.inForce()) });
  });
  app.get<{ Params: { id: string } }>('/v1/models/:id', (request, reply) => {
    findKey(request.headers, parts.keys);
    const model = listModels(parts.inForce()).find(({ id }) => id === request.params.id);
    if (model === undefined) {
      throw new Problem('unknown-model', `no backend serves a model \`${request.params.id}\``, { param: 'model' });
    }
    return reply.header('cache-control', 'no-store').send(model);
  });
}

/** OpenAI's `created` is a time in seconds; the charter has none for a model, so it is the day the model was last checked, or 0. */
function listModels({ charter }: CharterInForce) {
  const served = charter.models.filter((model) => charter.backends.some((backend) => backend.model === model.id));
  return served.map((model) => ({
    id: model.id,
    object: 'model',
    created: model.checked === null ? 0 : Math.floor(Date.parse(model.checked) / 1000),
    owned_by: model.origin.developer,
    polity: {
      name: model.name,
      licence: model.licence,
      context: model.context,
      admitted: model.admitted,
      backends: charter.backends
        .filter((backend) => backend.model === model.id)
        .map(({ id, site, operator, parentJurisdiction }) => ({
          id,
          site,
          jurisdiction: charter.sites.find((place) => place.id === site)?.jurisdiction ?? null,
          operator: operator.name,
          parentJurisdiction,
        })),
    },
  }));
}
