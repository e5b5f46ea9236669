import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkOrigin } from '../../identity/index.ts';
import { Problem } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';
import { readSessionCookie, SESSION_COOKIE } from '../session-cookie.ts';

/** Sessions of people: opened by a link that works once, kept in a cookie that no script sees. */
export function sessionRoutes(app: FastifyInstance, parts: ApiParts): void {
  const guard = (request: FastifyRequest) => checkOrigin(request.headers, parts.publicUrl);
  const secure = parts.publicUrl.startsWith('https:') ? '; Secure' : '';

  app.post<{ Body: { token?: unknown } | null }>('/api/session', async (request, reply) => {
    guard(request);
    const token = request.body?.token;
    const session = typeof token === 'string' ? await parts.sessions.redeemAdminLink(token) : null;
    if (session === null) {
      throw new Problem(
        'signed-out',
        'this link was used, is older than 15 minutes or is not whole; make a new one with `./polity admin link`',
      );
    }
    return reply
      .header(
        'set-cookie',
        `${SESSION_COOKIE}=${session.secret}; HttpOnly; SameSite=Lax; Path=/api; Max-Age=${session.maxAgeSeconds}${secure}`,
      )
      .header('cache-control', 'no-store')
      .send({ role: session.role });
  });

  app.get('/api/session', async (request, reply) => {
    const session = await parts.sessions.findSession(readSessionCookie(request));
    if (session === null)
      throw new Problem('signed-out', 'there is no session; open a link made with `./polity admin link`');
    return reply.header('cache-control', 'no-store').send({ role: session.role });
  });

  app.delete('/api/session', async (request, reply) => {
    guard(request);
    await parts.sessions.endSession(readSessionCookie(request));
    return reply
      .header('set-cookie', `${SESSION_COOKIE}=; HttpOnly; SameSite=Lax; Path=/api; Max-Age=0${secure}`)
      .code(204)
      .send();
  });
}
