import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Dialect } from '../gateway/index.ts';
import { findHeadFault, refuseHead, unknownExpectation } from './check-head.ts';
import { installClientErrors } from './client-error.ts';
import { answerRouterError, installProblems } from './install-problems.ts';
import { isOpenToAll, openToAll } from './open-origins.ts';
import type { ApiParts } from './parts.ts';
import { idHeaders } from './problem-response.ts';
import { familyOf, pathOf, toOriginForm } from './request-target.ts';
import { assistantRoutes } from './routes/assistant.ts';
import { batchRoutes } from './routes/batches.ts';
import { consoleKeyRoutes } from './routes/console-keys.ts';
import { consoleLawRoutes } from './routes/console-law.ts';
import { consoleRecordRoutes } from './routes/console-record.ts';
import { descriptionRoutes } from './routes/description.ts';
import { fileRoutes } from './routes/files.ts';
import { logRoutes } from './routes/logs.ts';
import { modelRoutes } from './routes/models.ts';
import { pageRoutes } from './routes/pages.ts';
import { playgroundRoutes } from './routes/playground.ts';
import { receiptRoutes } from './routes/receipts.ts';
import { recordRoutes } from './routes/record.ts';
import { responseRoutes } from './routes/responses.ts';
import { sessionRoutes } from './routes/session.ts';
import { systemRoutes } from './routes/system.ts';
import { usageRoutes } from './routes/usage.ts';
import { webRoutes } from './routes/web.ts';
import { serveInference } from './serve-inference.ts';
import { takeJson } from './take-json.ts';

/** What scripts/build-web.ts makes. */
const builtWeb = new URL('../../web/dist/', import.meta.url);

/** Bounds of HTTP itself. Headers: bytes together. Times: milliseconds. */
const httpBounds = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  /** For a whole request with its body, however it drips: half a gigabyte over a slow line. */
  requestTimeout: 600_000,
  /** Longer than the idle time of usual load balancers (60 s), so that they and not we close first. */
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  /** check-head.ts does, with a problem. */
  requireHostHeader: false,
} as const;

/** Beside those of the path, what clients of `/v1` ask for. */
const otherEndpoints = ['/v1/models', '/v1/files', '/v1/batches'];

export interface ApiServer {
  readonly http: Server;
  /** Resolves once all routes are in place; listening is the caller's. */
  ready(): Promise<void>;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
}

/** One HTTP server: inference endpoints go straight to the path, everything else through Fastify. */
export function createApiServer(dialects: readonly Dialect[], parts: ApiParts): ApiServer {
  const inference = new Map(dialects.map((dialect) => [dialect.endpoint, dialect]));
  for (const dialect of dialects) if (dialect.alsoAt !== undefined) inference.set(dialect.alsoAt, dialect);
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    running--;
    if (running === 0) for (const tell of waiting.splice(0)) tell();
  };
  let handOver: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const http = createServer({ ...httpBounds, noDelay: true, insecureHTTPParser: false }, (request, response) => {
    const fault = findHeadFault(request);
    if (fault !== null) {
      refuseHead({ request, response }, fault, parts.ids.receiptId());
      return;
    }
    request.url = toOriginForm(request.url ?? '/');
    const dialect = inference.get(pathOf(request.url));
    running++;
    if (dialect === undefined) {
      response.once('close', leave);
      handOver(request, response);
      return;
    }
    void serveInference({ request, response }, dialect, parts).finally(leave);
  });
  // Node drops headers above a count in silence; the size above is the bound, so none is dropped.
  http.maxHeadersCount = 0;
  installClientErrors(http, () => parts.ids.receiptId());
  http.on('checkExpectation', (request, response) =>
    refuseHead({ request, response }, unknownExpectation(), parts.ids.receiptId()),
  );
  const app = Fastify({
    serverFactory: (handler) => {
      handOver = handler;
      return http;
    },
    genReqId: () => parts.ids.receiptId(),
    // Answered already; Fastify's own would be written into the connection beside it.
    clientErrorHandler: () => {},
    frameworkErrors: answerRouterError,
    bodyLimit: 64_000,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
  });
  // What a browser is told to be data stays data, whoever wrote it.
  app.addHook(
    'onSend',
    async (request, reply) =>
      void reply.headers({
        'x-content-type-options': 'nosniff',
        ...idHeaders(request.id, familyOf(request)),
        ...(isOpenToAll(request.url) ? openToAll : {}),
      }),
  );
  takeJson(app, parts);
  installProblems(app, [...inference.keys(), ...otherEndpoints], parts.log);
  installRoutes(app, parts);
  const idle = async () => {
    while (running > 0) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { http, ready: async () => void (await app.ready()), idle };
}

function installRoutes(app: FastifyInstance, parts: ApiParts): void {
  systemRoutes(app, parts);
  descriptionRoutes(app, parts);
  logRoutes(app, parts);
  receiptRoutes(app, parts);
  modelRoutes(app, parts);
  fileRoutes(app, parts);
  batchRoutes(app, parts);
  responseRoutes(app, parts);
  usageRoutes(app, parts);
  sessionRoutes(app, parts);
  assistantRoutes(app, parts);
  recordRoutes(app, parts);
  consoleRecordRoutes(app, parts);
  consoleLawRoutes(app, parts);
  consoleKeyRoutes(app, parts);
  playgroundRoutes(app, parts);
  pageRoutes(app);
  webRoutes(app, builtWeb);
}
