import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type BodyBounds, readBody, readJson } from '../gateway/index.ts';
import type { ApiParts } from './parts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body says nothing and may be left out. */
    readonly takesNothing?: true;
  }
}

/** These bodies are too small to be counted beside those of requests to models. */
const small: BodyBounds['hold'] = { take: () => null };

/**
 * JSON is read as the path reads a request: in time, as UTF-8, without twins, no deeper than the bound. OpenAI's client in
 * Python names JSON on every request, also where it sends no body: then there is nothing to read.
 */
export function takeJson(app: FastifyInstance, parts: Pick<ApiParts, 'inForce'>): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const { bounds } = parts.inForce().charter.country;
    const bodyBytesMax = request.routeOptions.bodyLimit;
    const bytes = await readBody(request.raw, 'json', { bounds: { ...bounds, bodyBytesMax }, hold: small });
    if (bytes.length === 0 && mayBeNothing(request)) return undefined;
    return readJson(bytes, bounds.jsonDepthMax).value;
  });
}

function mayBeNothing({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'DELETE' || routeOptions.config.takesNothing === true;
}
