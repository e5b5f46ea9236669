import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { Problem, problems } from '../../kit/index.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { secured } from './web.ts';

const problemPages = new URL('../../../docs/problems/', import.meta.url);
const styleSheet = new URL('../plain-page.css', import.meta.url);

/** A page for each problem, readable without any script. */
export function pageRoutes(app: FastifyInstance): void {
  app.get('/plain.css', async (_request, reply) =>
    reply
      .headers(secured)
      .type('text/css; charset=utf-8')
      .send(await readFile(styleSheet)),
  );
  app.get<{ Params: { code: string } }>('/problems/:code', async (request, reply) => {
    const { code } = request.params;
    if (!Object.hasOwn(problems, code)) throw new Problem('not-found', 'there is no such problem code');
    const page = await readFile(new URL(`${code}.md`, problemPages), 'utf8');
    return reply.headers(secured).type('text/html; charset=utf-8').send(renderMarkdown(page));
  });
}
