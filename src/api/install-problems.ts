import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openEvent } from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import { nothingAt } from './nothing-at.ts';
import { listMethods } from './other-methods.ts';
import { asProblem, renderProblem, sendProblem } from './problem-response.ts';
import type { RequestLog } from './request-log.ts';
import { familyOf, pathOf } from './request-target.ts';
import { noteProblem } from './serve-inference.ts';

/**
 * Every failure outside the inference path leaves as a problem, those of Fastify itself included, and faults with a line. `served` are
 * addresses that a client may have meant.
 */
export function installProblems(app: FastifyInstance, served: readonly string[], log: RequestLog): void {
  const methodsOf = listMethods(app);
  app.addHook('onRequest', async (request, reply) => {
    // Before its body is read: clients send an empty one as JSON, and that is not what is wrong.
    if (request.is404) {
      const path = pathOf(request.url);
      const methods = methodsOf(path).join(', ');
      if (methods === '') throw nothingAt(request.url, served);
      reply.header('allow', methods);
      throw new Problem('method-not-allowed', `\`${path}\` takes ${methods}`);
    }
    refuseNul(request.url);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = asOurs(error);
    writeFault(problem, request, log);
    return reject(problem, request, reply);
  });
}

/** What Fastify throws before it has a route: of the address alone. */
export function answerRouterError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const isTooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
  const unread = 'the address cannot be read: a `%` in it stands before two hexadecimal digits, and bytes are UTF-8';
  // No hook has seen it.
  reply.header('x-content-type-options', 'nosniff');
  void reject(isTooLong ? nothingAt(request.url, []) : new Problem('invalid-request', unread), request, reply);
}

/** PostgreSQL holds no text with U+0000, so nothing has such a name and no list can be asked for it. @throws Problem */
function refuseNul(url: string): void {
  if (!url.includes('%00')) return;
  if (pathOf(url).includes('%00')) throw nothingAt(url, []);
  const [param = ''] =
    [...new URLSearchParams(url.slice(pathOf(url).length))].find((pair) => pair.join().includes('\0')) ?? [];
  throw new Problem('invalid-request', `\`${param.replaceAll('\0', '')}\` cannot hold U+0000`, { param });
}

function asOurs(error: FastifyError): Problem {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Problem('unsupported-media-type', 'the body must be `application/json`');
  if (error.statusCode === 400)
    return new Problem('invalid-request', 'the address or body is not valid', { cause: error });
  return asProblem(error);
}

/** A line for what is no fault of the caller's, by the pattern of the address: what was written into it is not logged. */
export function writeFault(problem: Problem, request: FastifyRequest, log: RequestLog): void {
  if (problem.status < 500) return;
  const event = openEvent(request.id, request.routeOptions.url ?? 'none');
  event.status = problem.status;
  noteProblem(event, problem);
  log.write(event);
}

function reject(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const family = familyOf(request);
  if (isComing(request)) {
    // Past Fastify: the rest of the body has to be taken, or a reset eats the answer.
    reply.hijack();
    const { allow } = reply.getHeaders();
    const headers = { 'x-content-type-options': 'nosniff', ...(allow === undefined ? {} : { allow: String(allow) }) };
    sendProblem({ request: request.raw, response: reply.raw, requestId: request.id, headers, family }, problem);
    return reply;
  }
  const { status, headers, body } = renderProblem(problem, request.id, family);
  // Bytes, not text: Fastify would add a charset, which this media type does not have.
  return reply.code(status).headers(headers).send(Buffer.from(body));
}

function isComing({ raw }: FastifyRequest): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = raw.headers;
  return !raw.complete && (length !== '0' || coding !== undefined);
}
