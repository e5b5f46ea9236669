import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../kit/index.ts';
import { renderProblem } from './problem-response.ts';

interface ParserError extends Error {
  readonly code?: string;
}

function problemOf(error: ParserError): Problem {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers-too-large', 'the headers are larger than 16 KiB; send fewer and shorter ones');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', 'the request did not arrive in time; send it whole');
    default:
      return new Problem('invalid-request', 'the request is not valid HTTP/1.1; one length, one host, no stray bytes');
  }
}

/** How long a client may take to read the answer and to close, once we have ended our side. */
const LINGER_MS = 5_000;

/** Node's own note of the answer that has its turn on a connection. No public name says it. */
interface Connection extends Duplex {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Answers what the HTTP parser refused, such as smuggling or header floods, with a problem, and ends the connection; so too
 * where a client takes us for a proxy. Answers to the requests before it go out whole first.
 */
export function installClientErrors(http: Server, newRequestId: () => string): void {
  // The parser refuses all that comes after its first error too, piece by piece.
  const refused = new WeakSet<Duplex>();
  http.on('clientError', (error: ParserError, socket) => {
    if (refused.has(socket)) return;
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    refused.add(socket);
    refuseInTurn(socket, problemOf(error), newRequestId());
  });
  http.on('connect', (_request, socket) => {
    // Node leaves the connection to us, and what comes on it is not read.
    socket.on('error', () => socket.destroy());
    socket.resume();
    const problem = new Problem('invalid-request', 'this is no proxy; ask for an address of this service');
    refuseInTurn(socket, problem, newRequestId());
  });
}

function refuseInTurn(socket: Connection, problem: Problem, requestId: string): void {
  // The answer before ended the connection, or the client left.
  if (!socket.writable) return;
  const running = socket._httpMessage ?? null;
  // A request that is not whole and not answered is itself the one at fault: nothing else can answer it.
  if (running !== null && (running.req.complete || running.headersSent)) {
    running.once('close', () => refuseInTurn(socket, problem, requestId));
    return;
  }
  const { status, headers, body } = renderProblem(problem, requestId);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
