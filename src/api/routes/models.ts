import type { FastifyInstance } from 'fastify';
import type { Backend, Charter, Model } from '../../charter/schema.ts';
import { type CharterInForce, findKey } from '../../gateway/index.ts';
import { Problem } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';
import { familyOf } from '../request-target.ts';

/** `GET /v1/models`: what the charter names and a backend serves, with place and operator. Anthropic's clients get its shape. */
export function modelRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Querystring: Page }>('/v1/models', async (request, reply) => {
    await findKey(request.headers, parts.keys);
    const models = listModels(parts.inForce());
    const list =
      familyOf(request) === 'anthropic'
        ? anthropicPage(models.map(anthropicModel), request.query)
        : { object: 'list', data: models };
    return reply.header('cache-control', 'no-store').send(list);
  });
  app.get<{ Params: { id: string } }>('/v1/models/:id', async (request, reply) => {
    await findKey(request.headers, parts.keys);
    const { id } = request.params;
    const model = listModels(parts.inForce()).find((one) => one.id === id);
    if (model === undefined)
      throw new Problem('unknown-model', `no backend serves a model \`${id}\``, { param: 'model' });
    const described = familyOf(request) === 'anthropic' ? anthropicModel(model) : model;
    return reply.header('cache-control', 'no-store').send(described);
  });
}

type Described = ReturnType<typeof describeModel>;

function listModels({ charter }: CharterInForce): Described[] {
  return charter.models.flatMap((model) => {
    const backends = charter.backends.filter((backend) => backend.model === model.id);
    return backends.length === 0 ? [] : [describeModel(model, { backends, charter })];
  });
}

interface Served {
  readonly backends: readonly Backend[];
  readonly charter: Charter;
}

/** OpenAI's `created` is a time in seconds; the charter has none for a model, so it is the day the model was last checked, or 0. */
function describeModel(model: Model, { backends, charter }: Served) {
  return {
    id: model.id,
    object: 'model',
    created: model.checked === null ? 0 : Math.floor(Date.parse(model.checked) / 1000),
    owned_by: model.origin.developer,
    /** The day from which it is served no more, or null. */
    shutdown_date: model.shutdownDate,
    polity: {
      name: model.name,
      licence: model.licence,
      context: model.context,
      admitted: model.admitted,
      maxOutputTokens: Math.max(...backends.map(({ maxOutputTokens }) => maxOutputTokens)),
      backends: backends.map(({ id, site, operator, parentJurisdiction, price }) => ({
        id,
        site,
        jurisdiction: charter.sites.find((place) => place.id === site)?.jurisdiction ?? null,
        operator: operator.name,
        parentJurisdiction,
        price: { ...price, currency: charter.country.currency },
      })),
    },
  };
}

function anthropicModel({ id, created, polity, shutdown_date }: Described) {
  return {
    type: 'model',
    id,
    display_name: polity.name,
    created_at: new Date(created * 1000).toISOString().replace('.000Z', 'Z'),
    shutdown_date,
    max_input_tokens: polity.context,
    max_tokens: polity.maxOutputTokens,
    polity,
  };
}

interface Page {
  readonly limit?: string;
  readonly after_id?: string;
  readonly before_id?: string;
}

/** Anthropic's cursors: https://docs.anthropic.com/en/api/models-list (2026-11). */
function anthropicPage(models: readonly { readonly id: string }[], { limit, after_id, before_id }: Page) {
  const size = Math.min(Math.max(Number(limit ?? 20) || 20, 1), 1000);
  const after = after_id === undefined ? 0 : models.findIndex(({ id }) => id === after_id) + 1;
  const before = before_id === undefined ? -1 : models.findIndex(({ id }) => id === before_id);
  const data = before >= 0 ? models.slice(Math.max(0, before - size), before) : models.slice(after, after + size);
  const hasMore = before >= 0 ? before - size > 0 : after + size < models.length;
  return { data, has_more: hasMore, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}
