import type { FastifyInstance } from 'fastify';
import { checkAsk, checkContest } from '../../assistant/index.ts';
import { Problem } from '../../kit/index.ts';
import { EventStream } from '../assistant/event-stream.ts';
import { type GuestDoor, needGuest, renewCookie, takeGuest } from '../assistant/guest-cookie.ts';
import { sendTurnEvents } from '../assistant/send-turn-events.ts';
import type { ApiParts } from '../parts.ts';
import { asProblem } from '../problem-response.ts';
import { readRequestKey } from '../read-request-key.ts';
import { checkId } from './assistant-conversations.ts';

interface OneTurn {
  Params: { id: string };
}

export function turnRoutes(app: FastifyInstance, door: GuestDoor, parts: Pick<ApiParts, 'isStopping' | 'log'>): void {
  const { desk } = door;
  const mayAsk = () => {
    if (parts.isStopping()) throw new Problem('stopping', 'the process is shutting down; send the question again');
  };

  app.post('/api/conversations', async (request, reply) => {
    mayAsk();
    const [ask, requestKey] = [checkAsk(request.body), readRequestKey(request.headers)];
    const guest = await takeGuest(request, reply, door);
    return reply.code(201).send(await desk.ask({ guest, conversation: null, ask, requestKey }));
  });

  app.post<OneTurn>('/api/conversations/:id/turns', async (request, reply) => {
    mayAsk();
    const [ask, requestKey] = [checkAsk(request.body), readRequestKey(request.headers)];
    const guest = await needGuest(request, door);
    const conversation = checkId(request.params.id);
    renewCookie(request, reply, door);
    return reply.code(201).send(await desk.ask({ guest, conversation, ask, requestKey }));
  });

  app.post<OneTurn>('/api/turns/:id/stop', async (request, reply) => {
    const guest = await needGuest(request, door);
    return reply.code(202).send(await desk.stop(guest, checkId(request.params.id)));
  });

  app.post<OneTurn>('/api/turns/:id/contest', async (request, reply) => {
    const contest = checkContest(request.body);
    const guest = await needGuest(request, door);
    return reply.code(201).send(await desk.contest({ guest, turn: checkId(request.params.id), contest }));
  });

  eventRoute(app, door, parts);
}

/** Open streams of one guest in one process: tabs, with room for connections that come back. */
const STREAMS_MAX = 12;

function eventRoute(app: FastifyInstance, door: GuestDoor, parts: Pick<ApiParts, 'isStopping' | 'log'>): void {
  const streams = new Map<string, number>();
  const count = (guest: string, by: number) => {
    const now = (streams.get(guest) ?? 0) + by;
    if (now > 0) streams.set(guest, now);
    else streams.delete(guest);
  };
  app.get<OneTurn>('/api/turns/:id/events', { exposeHeadRoute: false }, async (request, reply) => {
    const guest = await needGuest(request, door);
    const turn = await door.desk.readTurn(guest, checkId(request.params.id));
    if ((streams.get(guest.id) ?? 0) >= STREAMS_MAX) {
      throw new Problem('rate-limited', `at most ${STREAMS_MAX} streams are open at a time; close a page`, {
        retryAfterMs: 1_000,
      });
    }
    reply.hijack();
    const stream = new EventStream(reply.raw, request.id);
    count(guest.id, 1);
    try {
      await sendTurnEvents({ desk: door.desk, guest, turn }, stream);
    } catch (thrown) {
      // The headers are gone: the stream ends without its last event, and the reader asks again.
      const { code, extras } = asProblem(thrown);
      const reason = extras.cause instanceof Error ? extras.cause.message : code;
      if (code !== 'not-found') parts.log.write({ requestId: request.id, endpoint: '/api/turns/:id/events', reason });
    } finally {
      count(guest.id, -1);
      stream.end();
    }
  });
}
