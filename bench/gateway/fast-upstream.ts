/**
 * A loopback upstream on bare sockets, so that it is never the limit: about a fifth of the CPU of a node:http server.
 * Answers chat completions about as large as the request, at once or after a delay, or streams them. `POST /control`
 * takes `{delayMs, chunks, everyMs}`.
 */
import { createServer, type Socket } from 'node:net';
import { contentBytesFor } from './sizes.ts';

const settings = { delayMs: 0, chunks: 250, everyMs: 20 };
const usage = { prompt_tokens: 200, completion_tokens: 160, total_tokens: 360 };
const base = { id: 'chatcmpl-bench', created: 1_790_000_000, model: 'bench' };

function head(type: string, length: number | null): string {
  const size = length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  // nginx reads X-Accel-Buffering: a stream is passed on piece by piece.
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${size}\r\nX-Accel-Buffering: no\r\n\r\n`;
}

const wholeAnswers = new Map<number, Buffer>();
function wholeAnswer(requestBytes: number): Buffer {
  const contentBytes = contentBytesFor(requestBytes);
  const known = wholeAnswers.get(contentBytes);
  if (known !== undefined) return known;
  const content = 'Ministries prepare and carry out laws. '.repeat(contentBytes / 39 + 1).slice(0, contentBytes);
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  const body = JSON.stringify({ ...base, object: 'chat.completion', choices, usage });
  const answer = Buffer.from(head('application/json', Buffer.byteLength(body)) + body);
  wholeAnswers.set(contentBytes, answer);
  return answer;
}

const frameOf = (choices: unknown[], more: object = {}) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const [before = '', after = ''] = frameOf([{ index: 0, delta: { content: '|' }, finish_reason: null }]).split('|');
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** The content of each chunk is the moment at which it was written: microseconds of the machine's monotonic clock. */
function stampedFrame(): string {
  const [seconds, nanos] = process.hrtime();
  return `${before}@${seconds * 1_000_000 + Math.round(nanos / 1000)}; ${after}`;
}

function stream(socket: Socket): void {
  const { chunks, everyMs } = settings;
  const startedMs = performance.now();
  let sent = 0;
  socket.write(head('text/event-stream', null) + chunked(frameOf([{ index: 0, delta: { role: 'assistant' } }])));
  const next = () => {
    if (socket.destroyed) return;
    if (sent === chunks) {
      const end = frameOf([{ index: 0, delta: {}, finish_reason: 'stop' }]) + frameOf([], { usage });
      socket.write(`${chunked(`${end}data: [DONE]\n\n`)}0\r\n\r\n`);
      return;
    }
    socket.write(chunked(stampedFrame()));
    sent++;
    setTimeout(next, Math.max(0, startedMs + (sent + 1) * everyMs - performance.now()));
  };
  setTimeout(next, everyMs);
}

function serve(socket: Socket, path: string, body: Buffer): void {
  if (path === '/control') {
    Object.assign(settings, JSON.parse(body.toString()));
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  } else if (body.includes('"stream":true') || body.includes('"stream": true')) {
    stream(socket);
  } else if (settings.delayMs > 0) {
    setTimeout(() => socket.write(wholeAnswer(body.length)), settings.delayMs);
  } else {
    socket.write(wholeAnswer(body.length));
  }
}

/** Where a request ends that begins at 0, or null when it is not whole yet. No pipelining, so nothing follows it. */
function bodyOf(bytes: Buffer, headEnd: number): Buffer | null {
  const text = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length !== undefined) {
    const end = headEnd + 4 + Number(length);
    return bytes.length >= end ? bytes.subarray(headEnd + 4, end) : null;
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(text)) return bytes.subarray(headEnd + 4, headEnd + 4);
  return bytes.subarray(-5).toString('latin1') === '0\r\n\r\n' ? bytes.subarray(headEnd + 4) : null;
}

const server = createServer({ noDelay: true }, (socket) => {
  let held: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const headEnd = held.indexOf('\r\n\r\n');
    const body = headEnd < 0 ? null : bodyOf(held, headEnd);
    if (body === null) return;
    const path = held.toString('latin1', 0, headEnd).split(' ', 2)[1] ?? '';
    held = Buffer.alloc(0);
    serve(socket, path, body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
