import type { FastifyInstance, FastifyReply } from 'fastify';
import { checkSearch, type ExportedFile, type ExportFormat, nothingHere } from '../../assistant/index.ts';
import type { ConversationList } from '../../assistant/schema.ts';
import { Problem } from '../../kit/index.ts';
import { findGuest, type GuestDoor, needGuest } from '../assistant/guest-cookie.ts';

const nothing: ConversationList = { conversations: [], next: null, searched: null, total: 0 };

interface PageQuery {
  readonly after?: string;
  readonly limit?: string;
}

export function conversationRoutes(app: FastifyInstance, door: GuestDoor): void {
  const { desk } = door;

  app.get<{ Querystring: PageQuery }>('/api/conversations', async (request, reply) => {
    const guest = await findGuest(request, door);
    const { after, limit } = request.query;
    return reply.send(guest === null ? nothing : await desk.list(guest, { after, limit }));
  });

  app.post('/api/conversations/search', async (request, reply) => {
    const query = checkSearch(request.body);
    const guest = await findGuest(request, door);
    return reply.send(guest === null ? { ...nothing, searched: 0 } : await desk.search(guest, query));
  });

  app.get<{ Params: { id: string } }>('/api/conversations/:id', async (request, reply) => {
    const guest = await needGuest(request, door);
    return reply.send(await desk.read(guest, checkId(request.params.id)));
  });

  app.delete<{ Params: { id: string } }>('/api/conversations/:id', async (request, reply) => {
    const guest = await needGuest(request, door);
    await desk.remove(guest, checkId(request.params.id));
    return reply.code(204).send();
  });

  app.get<{ Params: { id: string }; Querystring: { format?: string } }>(
    '/api/conversations/:id/export',
    async (request, reply) => {
      const format = checkFormat(request.query.format);
      const guest = await needGuest(request, door);
      return sendFile(reply, await desk.export(guest, { id: checkId(request.params.id), format }));
    },
  );

  app.get<{ Querystring: { format?: string } }>('/api/export', async (request, reply) => {
    const format = checkFormat(request.query.format);
    const guest = await needGuest(request, door);
    return sendFile(reply, await desk.export(guest, { id: null, format }));
  });
}

/** What is no id is nobody's. */
export function checkId(text: string): string {
  if (!/^[0-9a-f]{32}$/.test(text)) throw nothingHere();
  return text;
}

function checkFormat(text = 'json'): ExportFormat {
  if (text === 'json' || text === 'markdown') return text;
  throw new Problem('invalid-request', '`format` is not valid: `json` or `markdown`', { param: 'format' });
}

/** Always saved, never shown: what somebody wrote must not run as a page of ours. */
function sendFile(reply: FastifyReply, file: ExportedFile): FastifyReply {
  return reply
    .header('content-type', file.mediaType)
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .send(file.text);
}
