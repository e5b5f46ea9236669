import type { IncomingMessage, ServerResponse } from 'node:http';
import { anthropicError, type Dialect, isCrumbled } from '../gateway/index.ts';
import { Problem, problemBody } from '../kit/index.ts';

export interface ProblemReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Anything that was thrown becomes a problem; what is none of ours is a bug and says nothing about itself. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem('internal', 'a fault in the service; report the request id', { cause: thrown });
}

/** Anthropic's clients look for the id under its own name. */
export function idHeaders(requestId: string, family: Dialect['family']): Record<string, string> {
  return { 'x-request-id': requestId, ...(family === 'anthropic' ? { 'request-id': requestId } : {}) };
}

export function renderProblem(problem: Problem, requestId: string, family: Dialect['family'] = 'openai'): ProblemReply {
  const isAnthropic = family === 'anthropic';
  const body = JSON.stringify(isAnthropic ? anthropicError(problem, requestId) : problemBody(problem, requestId));
  const headers: Record<string, string> = {
    'content-type': isAnthropic ? 'application/json' : 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    ...idHeaders(requestId, family),
  };
  const { retryAfterMs, receiptId } = problem.extras;
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  if (receiptId !== undefined) headers['x-receipt-id'] = receiptId;
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="polity"';
  return { status: problem.status, headers, body };
}

/** How much of an unread body is taken and thrown away so that the client gets to read the answer. */
const DISCARD_BYTES_MAX = 64_000_000;
const DISCARD_MS = 5_000;

interface ProblemTarget {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Gathered along the path, such as rate limits. */
  readonly headers: Record<string, string>;
  readonly family?: Dialect['family'];
}

/** Sends a problem on a raw response, if nothing was sent yet. */
export function sendProblem(target: ProblemTarget, problem: Problem): void {
  // A body that was taken together with its head is whole as soon as the parser goes on, which is when we return.
  if (target.request.complete) writeProblem(target, problem);
  else setImmediate(() => writeProblem(target, problem));
}

function writeProblem(target: ProblemTarget, problem: Problem): void {
  const { request, response } = target;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const reply = renderProblem(problem, target.requestId, target.family);
  const headers = { ...target.headers, ...reply.headers };
  if (request.complete) {
    response.writeHead(reply.status, headers).end(reply.body);
    return;
  }
  // The rest of the body is unwanted: the connection cannot be used again, but a reset would eat the answer. Node closes
  // the connection as soon as the answer has ended, so it ends only when the body is through or enough was thrown away.
  response.writeHead(reply.status, { ...headers, connection: 'close' }).write(reply.body);
  discardRest(request, response);
}

function discardRest(request: IncomingMessage, response: ServerResponse): void {
  let length = 0;
  let pieces = 0;
  const stop = () => {
    response.end();
    // While earlier answers have their turn the connection is theirs: it closes behind them, when this one is out.
    if (response.socket !== null) request.destroy();
  };
  const timer = setTimeout(stop, DISCARD_MS);
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    pieces++;
    if (length > DISCARD_BYTES_MAX || isCrumbled(pieces, length)) stop();
  });
  request.once('end', () => response.end());
  request.on('error', () => {});
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
