import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  AnswerHeaders,
  answer,
  BodyHold,
  type Dialect,
  type Exchange,
  type KnownCaller,
  openEvent,
  type PathParts,
  type RequestEvent,
  readBody,
} from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import { asProblem, sendProblem } from './problem-response.ts';
import type { RequestLog } from './request-log.ts';

export interface InferenceParts extends PathParts {
  readonly log: RequestLog;
}

/** One inference request from its first byte to its log line. The only place that catches what the path throws. */
export async function serveInference(http: HttpPair, dialect: Dialect, parts: InferenceParts): Promise<void> {
  const body = new BodyHold(parts.bodies);
  const exchange = openExchange({ http, body, dialect }, parts);
  const { event } = exchange;
  const { response } = http;
  // Whichever is last: a client that leaves closes before its call has ended, a stream ends before its last byte is out.
  let isOneOver = false;
  const end = () => {
    if (isOneOver) {
      parts.log.write(event, exchange);
      body.release();
    }
    isOneOver = true;
  };
  response.once('close', () => {
    // Of who left before there was one, none is told.
    if (response.headersSent) event.status = response.statusCode;
    event.totalMs = parts.clock.monotonicMs() - exchange.startedMs;
    end();
  });
  try {
    if (http.request.method !== 'POST') {
      exchange.headers.set('allow', 'POST');
      throw new Problem('method-not-allowed', `\`${dialect.endpoint}\` takes POST`);
    }
    const problem = await answer(exchange, parts);
    if (problem !== null) fail(exchange, http, problem);
  } catch (thrown) {
    fail(exchange, http, asProblem(thrown));
  } finally {
    end();
  }
}

export interface HttpPair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Who asks and what, where the request itself says neither: an operator in the console. */
  readonly said?: { readonly known: KnownCaller; readonly body: Buffer };
}

interface Opening {
  readonly http: HttpPair;
  readonly body: BodyHold;
  readonly dialect: Dialect;
}

function openExchange({ http, body, dialect }: Opening, parts: InferenceParts): Exchange {
  const requestId = parts.ids.receiptId();
  const { request, response, said } = http;
  return {
    request: {
      headers: request.headers,
      readBody: (kind, bounds, owner) => {
        if (said !== undefined) return Promise.resolve(said.body);
        body.openFor(owner);
        return readBody(request, kind, { bounds, hold: body });
      },
    },
    response,
    known: said?.known ?? null,
    dialect,
    rank: null,
    requestId,
    startedMs: parts.clock.monotonicMs(),
    event: openEvent(requestId, dialect.endpoint),
    calls: [],
    // Where Anthropic's clients look for it; the object of `idHeaders` would be made for every request.
    headers:
      dialect.family === 'anthropic'
        ? new AnswerHeaders('x-request-id', requestId, 'request-id', requestId)
        : new AnswerHeaders('x-request-id', requestId),
  };
}

function fail(exchange: Exchange, http: HttpPair, problem: Problem): void {
  noteProblem(exchange.event, problem);
  const { requestId, headers, dialect } = exchange;
  sendProblem({ ...http, requestId, headers: headers.toRecord(), family: dialect.family }, problem);
}

/** What the wide event says of a problem. */
export function noteProblem(event: RequestEvent, problem: Problem): void {
  event.problem = problem.code;
  if (problem.extras.cause !== undefined) event.reason ??= describeCause(problem.extras.cause);
}

/** For the log: where a bug is, never what was said. */
function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
