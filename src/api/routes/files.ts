import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyHold } from '../../gateway/index.ts';
import { Problem } from '../../kit/index.ts';
import { writeFault } from '../install-problems.ts';
import type { ApiParts } from '../parts.ts';
import { asProblem } from '../problem-response.ts';
import { receiveUpload } from '../receive-upload.ts';
import { familyOf } from '../request-target.ts';
import { callerOf, listOf, nameDropped, readPage } from '../vault-requests.ts';

type WithId = { Params: { id: string } };

/** `/v1/files`: what a tenant uploads and what its batches wrote. Nobody else sees that it is there. */
export function fileRoutes(app: FastifyInstance, parts: ApiParts): void {
  void app.register(async (app) => {
    app.addHook('onRequest', async (request) => refuseAnthropic(request));
    void app.register(async (app) => uploadRoute(app, parts));
    keptRoutes(app, parts);
  });
}

/** Anthropic's clients ask at the same address for files of another shape, which they name in messages. @throws Problem */
function refuseAnthropic(request: FastifyRequest): void {
  if (familyOf(request) === 'anthropic')
    throw new Problem('not-found', "files of Anthropic's API are not served; send documents inside the messages");
}

function uploadRoute(app: FastifyInstance, parts: ApiParts): void {
  // The form is read as it comes: a file is never in memory as a whole, nor is what is no form.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.post('/v1/files', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
    const { caller, purpose } = await callerOf(request, parts);
    const {
      fileBytesMax: bytesMax,
      storedBytesMax,
      storedCountMax,
      bodyStallMs,
      heldBytesMax,
    } = parts.inForce().charter.country.bounds;
    const hold = new BodyHold(parts.bodies);
    hold.openFor(caller.key.id);
    const memory = { hold, heldBytesMax };
    const room = { storedBytesMax, storedCountMax };
    const owner = { tenant: caller.tenant.id, keptFor: purpose, bytesMax, bodyStallMs, room, memory };
    const upload = receiveUpload(request.raw, owner, parts.vault.files);
    const { file, dropped } = await upload.finally(() => hold.release());
    const names = request.headers['idempotency-key'] === undefined ? dropped : [...dropped, 'idempotency-key'];
    return nameDropped(reply, names).header('cache-control', 'no-store').send(file);
  });
}

function keptRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/v1/files', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const page = readPage(request.query);
    const files = await parts.vault.files.list(caller.tenant.id, { ...page, limit: page.limit + 1 });
    return reply.header('cache-control', 'no-store').send(listOf(files, page.limit));
  });
  app.get<WithId>('/v1/files/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    return reply
      .header('cache-control', 'no-store')
      .send(await parts.vault.files.find(caller.tenant.id, request.params.id));
  });
  app.get<WithId>('/v1/files/:id/content', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const content = Readable.from(await parts.vault.files.read(caller.tenant.id, request.params.id));
    // The head is out by then: the connection breaks, and only this says why.
    content.once('error', (cause) => writeFault(asProblem(cause), request, parts.log));
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', 'attachment')
      .send(content);
  });
  app.delete<WithId>('/v1/files/:id', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const { id } = request.params;
    await parts.vault.files.delete(caller.tenant.id, id);
    return reply.send({ id, object: 'file', deleted: true });
  });
}
