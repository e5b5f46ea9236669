import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../kit/index.ts';
import { sendProblem } from './problem-response.ts';
import { familyOf } from './request-target.ts';

/** What Node's parser lets through and HTTP/1.1 does not: readers on the way could take such a request for another. */
export function findHeadFault({ rawHeaders, httpVersion }: IncomingMessage): Problem | null {
  let hosts = 0;
  // This runs for every request: by length first, and in the usual spelling.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4) {
      if (name === 'Host' || name === 'host' || name.toLowerCase() === 'host') hosts++;
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      // RFC 9112, 6.1.
      if ((rawHeaders[at + 1] as string).trim().toLowerCase() !== 'chunked')
        return new Problem(
          'invalid-request',
          'the one transfer coding that is taken is `chunked`; send the body as it is',
        );
    }
  }
  // RFC 9112, 3.2. HTTP/1.0 knew no host.
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return null;
  return new Problem(
    'invalid-request',
    `send one \`Host\` header; this request has ${hosts === 0 ? 'none' : 'several'}`,
  );
}

/** `Expect` with something other than `100-continue`. RFC 9110, 10.1.1 */
export function unknownExpectation(): Problem {
  return new Problem('invalid-request', 'the header `Expect` takes `100-continue` alone; leave it out');
}

/** Answers a request of which nothing but its head was looked at. The connection is not used again. */
export function refuseHead(http: HttpPair, problem: Problem, requestId: string): void {
  sendProblem({ ...http, requestId, headers: { connection: 'close' }, family: familyOf(http.request) }, problem);
}

interface HttpPair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}
