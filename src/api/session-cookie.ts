import type { FastifyRequest } from 'fastify';

export const SESSION_COOKIE = 'polity_session';

/** The secret of a signed-in browser, or an empty text. */
export function readSessionCookie(request: FastifyRequest): string {
  const header = request.headers.cookie ?? '';
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && value !== undefined) return value;
  }
  return '';
}
