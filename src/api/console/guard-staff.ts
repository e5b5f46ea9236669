import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkOrigin } from '../../identity/index.ts';
import type { LiveSession } from '../../identity/ports.ts';
import { Problem } from '../../kit/index.ts';
import type { ApiParts } from '../parts.ts';
import { readSessionCookie } from '../session-cookie.ts';

type StaffParts = Pick<ApiParts, 'sessions' | 'publicUrl'>;

/** A signed-in person whose role may do this. @throws Problem `signed-out`, or `forbidden` that says who may */
export async function needStaff(request: FastifyRequest, action: string, parts: StaffParts): Promise<LiveSession> {
  if (request.method !== 'GET' && request.method !== 'HEAD') checkOrigin(request.headers, parts.publicUrl);
  const session = await parts.sessions.findSession(readSessionCookie(request));
  if (session === null)
    throw new Problem('signed-out', 'there is no session; open a link made with `./polity admin link`');
  if (!session.actions.includes(action)) {
    throw new Problem(
      'forbidden',
      `the role \`${session.role}\` may not \`${action}\`; an administrator makes a link for another role`,
    );
  }
  return session;
}

/** Nothing of the console is kept by anything between it and the reader. */
export function unshared(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').header('vary', 'cookie');
}
