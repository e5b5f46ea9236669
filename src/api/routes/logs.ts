import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kit/index.ts';
import { parseTilePath } from '../../ledger/index.ts';
import type { ApiParts } from '../parts.ts';

/** The logs exactly as C2SP tlog-tiles serves them. Every path that is not canonical is 404. */
export function logRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Params: { log: string } }>('/log/:log/checkpoint', async (request, reply) => {
    const { log } = request.params;
    // Only the canonical spelling: an escape in the address is another path.
    const isCanonical = request.url.split('?')[0] === `/log/${log}/checkpoint`;
    const checkpoint = isCanonical ? await parts.ledger.readCheckpoint(log) : null;
    if (checkpoint === null) throw new Problem('not-found', 'there is no such log');
    return reply
      .headers({ 'cache-control': 'no-cache', 'content-type': 'text/plain; charset=utf-8' })
      .send(Buffer.from(checkpoint));
  });
  app.get<{ Params: { log: string; '*': string } }>('/log/:log/tile/*', async (request, reply) => {
    // The raw address, not the decoded one: `%2e` or a doubled slash is not the canonical path.
    const path = `tile/${request.url.slice(`/log/${request.params.log}/tile/`.length)}`;
    const place = parseTilePath(path);
    if (place === null) throw new Problem('not-found', 'this is not the canonical path of a tile');
    const bytes =
      place.kind === 'entries'
        ? await parts.ledger.readBundle(request.params.log, place)
        : await parts.ledger.readTile(request.params.log, place);
    if (bytes === null) throw new Problem('not-found', 'there is no such tile');
    return sendTile(bytes, request, reply);
  });
}

/** Tiles never change once served. One year, the most that caches take. RFC 8246. */
const immutable = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-type': 'application/octet-stream',
};

/** Identity coding unless gzip is asked for by name. */
function sendTile(bytes: Uint8Array, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = String(request.headers['accept-encoding'] ?? '');
  reply.headers({ ...immutable, vary: 'accept-encoding' });
  if (!/(^|[\s,])gzip\s*(,|$|;\s*q=(1|0\.[0-9]*[1-9]))/i.test(asked)) return reply.send(Buffer.from(bytes));
  return reply.header('content-encoding', 'gzip').send(gzipSync(bytes));
}
