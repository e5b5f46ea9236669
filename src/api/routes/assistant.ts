import type { FastifyInstance } from 'fastify';
import { checkOrigin } from '../../identity/index.ts';
import { dropCookie, findGuest, type GuestDoor, takeGuest } from '../assistant/guest-cookie.ts';
import type { ApiParts } from '../parts.ts';
import { conversationRoutes } from './assistant-conversations.ts';
import { turnRoutes } from './assistant-turns.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export type AssistantRouteParts = Pick<ApiParts, 'assistant' | 'publicUrl' | 'isStopping' | 'log'>;

/** The assistant under `/api`: what a guest has is the guest's alone, and nobody keeps a copy on the way. */
export function assistantRoutes(app: FastifyInstance, parts: AssistantRouteParts): void {
  const door: GuestDoor = { desk: parts.assistant, isSecure: parts.publicUrl.startsWith('https:') };
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'cookie' });
      if (!safeMethods.has(request.method)) checkOrigin(request.headers, parts.publicUrl);
    });
    guestRoutes(scope, door);
    conversationRoutes(scope, door);
    turnRoutes(scope, door, parts);
  });
}

function guestRoutes(app: FastifyInstance, door: GuestDoor): void {
  const { desk } = door;
  app.get('/api/assistant', (_request, reply) => reply.send(desk.describe()));

  app.get('/api/guest', async (request, reply) => reply.send(await desk.viewGuest(await findGuest(request, door))));

  app.post('/api/guest', async (request, reply) => {
    const guest = await takeGuest(request, reply, door);
    return reply.send(await desk.viewGuest(guest));
  });

  app.delete('/api/conversations', async (request, reply) => {
    const guest = await findGuest(request, door);
    if (guest !== null) await desk.forgetGuest(guest);
    dropCookie(reply, door);
    return reply.code(204).send();
  });
}
