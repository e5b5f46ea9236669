import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ChatAnswer } from './answer-chat.ts';
import { readChatInput } from './chat-input.ts';
import type { Engine } from './open-engine.ts';
import { readBody } from './read-body.ts';
import { sendError, sendJson } from './send-error.ts';

/** What the model process says of itself. */
export interface ModelState {
  readonly state: 'absent' | 'fetching' | 'verifying' | 'loading' | 'ready' | 'failed';
  /** A public sentence: what is so, and where it helps, what to do. */
  readonly detail: string;
  /** While it is being fetched. `percent` is null while nobody has said how many bytes there will be. */
  readonly progress?: { readonly bytes: number; readonly percent: number | null };
}

export interface ModelService {
  readonly id: string;
  /** Null until the model is loaded. */
  engine(): Engine | null;
  state(): ModelState;
}

/** While it loads or is fetched; afterwards a request brings the next state. */
const NOT_READY_SECONDS = 5;

/** OpenAI's chat completions on a Unix socket: for the gateway the embedded model is an upstream like any other. */
export async function serveModel(socketPath: string, service: ModelService): Promise<Server> {
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    route(request, response, service).catch((cause: Error) => {
      // Whoever asked has left: nothing failed.
      if (response.destroyed) return;
      process.stderr.write(`model: ${cause.stack ?? cause.message}\n`);
      if (response.headersSent) response.destroy();
      else sendError(response, { status: 500, code: 'internal', message: 'the model failed; try again' });
    });
  });
  // The gateway bounds every call; a prompt may wait longer for its place than Node's own limits allow.
  server.requestTimeout = 0;
  // Longer than the gateway keeps idle connections, so that none is closed under a request on its way.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return server;
}

async function route(request: IncomingMessage, response: ServerResponse, service: ModelService): Promise<void> {
  const asked = `${request.method} ${request.url}`;
  if (asked === 'POST /v1/chat/completions') return await answerChat(request, response, service);
  if (asked === 'GET /healthz') return sendJson(response, 200, { ...service.state(), ...service.engine()?.load() });
  if (asked === 'GET /v1/models') {
    const data = [{ id: service.id, object: 'model', created: 0, owned_by: 'embedded' }];
    return sendJson(response, 200, { object: 'list', data });
  }
  sendError(response, { status: 404, code: 'not_found', message: 'there is nothing here' });
}

async function answerChat(request: IncomingMessage, response: ServerResponse, service: ModelService): Promise<void> {
  const body = await readBody(request);
  if (body.kind === 'too-large')
    return sendError(response, { status: 413, code: 'body_too_large', message: 'the body is too large' });
  if (body.kind === 'not-json')
    return sendError(response, { status: 400, code: 'malformed_json', message: 'the body is not JSON in UTF-8' });
  const read = readChatInput(body.value);
  if (read.kind === 'refused')
    return sendError(response, { status: 400, code: read.code, message: read.message, param: read.param });
  const engine = service.engine();
  if (engine === null) {
    const { detail } = service.state();
    const error = { status: 503, code: 'model-unavailable', message: detail, retryAfterSeconds: NOT_READY_SECONDS };
    return sendError(response, error);
  }
  await new ChatAnswer(response, service.id, read.input).run(engine);
}
