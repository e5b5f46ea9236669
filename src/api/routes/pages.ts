import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { Problem, problems } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { renderStartPage, startScript } from '../start-page.ts';

/** Nothing from elsewhere, no inline script, no frame around it. */
const secured = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

const problemPages = new URL('../../../docs/problems/', import.meta.url);
const styleSheet = new URL('../start-page.css', import.meta.url);

/** The single plain page that says that the service runs and how to ask it, and a page for each problem. */
export function pageRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/', (_request, reply) =>
    reply
      .headers(secured)
      .type('text/html; charset=utf-8')
      .send(renderStartPage(parts.inForce().charter, parts.publicUrl)),
  );
  app.get('/start.css', async (_request, reply) =>
    reply
      .headers(secured)
      .type('text/css; charset=utf-8')
      .send(await readFile(styleSheet)),
  );
  app.get('/start.js', (_request, reply) =>
    reply.headers(secured).type('text/javascript; charset=utf-8').send(startScript),
  );
  app.get<{ Params: { code: string } }>('/problems/:code', async (request, reply) => {
    const { code } = request.params;
    if (!Object.hasOwn(problems, code)) throw new Problem('not-found', 'there is no such problem code');
    const page = await readFile(new URL(`${code}.md`, problemPages), 'utf8');
    return reply.headers(secured).type('text/html; charset=utf-8').send(renderMarkdown(page));
  });
}
