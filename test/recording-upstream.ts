import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface RecordedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface RecordingUpstream {
  /** Up to and including `/v1`. */
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** Connections that were opened, whether or not a request came. */
  connections(): number;
  /** Streams that the client broke off. */
  aborted(): number;
  close(): Promise<void>;
}

export type Answering = (request: RecordedRequest, response: ServerResponse) => void;

/** An OpenAI-compatible upstream on loopback that writes down every byte it gets. */
export async function startUpstream(answer: Answering = answerPlainly): Promise<RecordingUpstream> {
  const requests: RecordedRequest[] = [];
  const server = await startServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const recorded = { headers: request.headers, body };
      requests.push(recorded);
      answer(recorded, response);
    });
  });
  return { ...server, requests };
}

/** A server on loopback that counts its connections and the answers that were broken off. */
export async function startServer(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Omit<RecordingUpstream, 'requests'>> {
  let connections = 0;
  let aborted = 0;
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) aborted++;
    });
    serve(request, response);
  });
  server.on('connection', () => connections++);
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    connections: () => connections,
    aborted: () => aborted,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}

const sampleUsage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };

/** Whole or streamed, as asked. */
function answerPlainly({ body }: RecordedRequest, response: ServerResponse): void {
  const asked = JSON.parse(body) as { stream?: boolean };
  const base = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'recorded' };
  if (!asked.stream) {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Tere, maailm' }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...base, object: 'chat.completion', choices, usage: sampleUsage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frame = (choices: unknown[], more: object = {}) =>
    response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  frame([{ index: 0, delta: { role: 'assistant', content: 'Tere, ' }, finish_reason: null }]);
  frame([{ index: 0, delta: { content: 'maailm' }, finish_reason: null }]);
  frame([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  frame([], { usage: sampleUsage });
  response.end('data: [DONE]\n\n');
}
