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

/** Answers what the HTTP parser refused, such as smuggling or header floods, with a problem, and ends the connection. */
export function answerClientError(error: ParserError, socket: Duplex, requestId: string): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, headers, body } = renderProblem(problemOf(error), requestId);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`);
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};
