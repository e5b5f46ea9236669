/** The least that a Node forwarder can do: node:http in, undici out, the bytes as they are. What Polity is measured against. */
import { createServer } from 'node:http';
import { Pool } from 'undici';

const upstream = new Pool(`http://127.0.0.1:${process.env.UPSTREAM_PORT}`, { connections: 512, pipelining: 1 });
const server = createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer: Buffer[] = [];
    let status = 502;
    let isStream = false;
    upstream.dispatch(
      {
        method: 'POST',
        path: request.url ?? '/',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body: Buffer.concat(chunks),
      },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode, headers) {
          status = statusCode;
          const type = String(headers['content-type']);
          isStream = type.startsWith('text/event-stream');
          if (isStream) response.writeHead(status, { 'content-type': type });
        },
        onResponseData(_controller, chunk) {
          if (isStream) response.write(chunk);
          else answer.push(chunk);
        },
        onResponseEnd() {
          if (isStream) {
            response.end();
            return;
          }
          const body = Buffer.concat(answer);
          response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
          response.end(body);
        },
        onResponseError(_controller, error) {
          if (response.headersSent) response.destroy();
          else response.writeHead(502).end(error.message);
        },
      },
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
