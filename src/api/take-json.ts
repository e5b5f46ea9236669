import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body says nothing and may be left out. */
    readonly takesNothing?: true;
  }
}

/** OpenAI's client in Python names JSON on every request, also where it sends no body: then there is nothing to read. */
export function takeJson(app: FastifyInstance): void {
  const read = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    const mayBeNothing = request.method === 'DELETE' || request.routeOptions.config.takesNothing === true;
    if (text.length === 0 && mayBeNothing) done(null, undefined);
    else read(request, String(text), done);
  });
}
