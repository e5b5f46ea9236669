import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../kit/index.ts';
import { asProblem, renderProblem, sendProblem } from './problem-response.ts';

/** Every failure outside the inference path leaves as a problem, those of Fastify itself included. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => reject(asOurs(error), request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    return reject(new Problem('not-found', `there is nothing at \`${path.slice(0, 200)}\``), request, reply);
  });
}

function asOurs(error: FastifyError): Problem {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body-too-large', 'the body is larger than 64000 bytes; send less');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', 'the body must be `application/json`');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem('malformed-json', 'the body is not JSON; send one JSON object');
    default:
  }
  if (error.statusCode === 400)
    return new Problem('invalid-request', 'the address or body is not valid', { cause: error });
  return asProblem(error);
}

function reject(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isComing(request)) {
    // Past Fastify: the rest of the body has to be taken, or a reset eats the answer.
    reply.hijack();
    const headers = { 'x-content-type-options': 'nosniff' };
    sendProblem({ request: request.raw, response: reply.raw, requestId: request.id, headers }, problem);
    return reply;
  }
  const { status, headers, body } = renderProblem(problem, request.id);
  // Bytes, not text: Fastify would add a charset, which this media type does not have.
  return reply.code(status).headers(headers).send(Buffer.from(body));
}

function isComing({ raw }: FastifyRequest): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = raw.headers;
  return !raw.complete && (length !== '0' || coding !== undefined);
}
