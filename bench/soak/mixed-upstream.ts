/**
 * An upstream that does what the prompt asks for: the first `soak:<deed>:<number>` in a body names how it answers.
 * The prompt passes through Polity unchanged, so that client and upstream agree on each request without a channel of their own.
 */
import { createServer, type ServerResponse } from 'node:http';

const usage = { prompt_tokens: 20, completion_tokens: 8, total_tokens: 28 };
const base = { id: 'chatcmpl-soak', created: 1_790_000_000, model: 'soak' };
const WORD = 'Registreerimine ';
const STREAM_EVERY_MS = 15;
/** What a reader that stopped reading is sent at most. */
const POUR_BYTES = 24_000_000;

function json(response: ServerResponse, body: unknown, status = 200): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

function whole(words: number, billed: unknown = usage): object {
  const message = { role: 'assistant', content: WORD.repeat(words) };
  return { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: billed };
}

const frame = (choices: unknown[], more: object = {}) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const say = (content: string) => frame([{ index: 0, delta: { content }, finish_reason: null }]);
const END = `${frame([{ index: 0, delta: {}, finish_reason: 'stop' }])}${frame([], { usage })}data: [DONE]\n\n`;

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(frame([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]));
}

function stream(response: ServerResponse, chunks: number, isCut = false): void {
  openStream(response);
  let sent = 0;
  const timer = setInterval(() => {
    if (sent++ < chunks) response.write(say(WORD));
    else {
      clearInterval(timer);
      if (isCut) response.destroy();
      else response.end(END);
    }
  }, STREAM_EVERY_MS);
  response.once('close', () => clearInterval(timer));
}

function pour(response: ServerResponse): void {
  openStream(response);
  const piece = say(WORD.repeat(500));
  let left = POUR_BYTES;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end(END);
  };
  more();
}

function error(response: ServerResponse, status: number, code: string): void {
  json(response, { error: { message: 'asked for', type: 'soak', code } }, status);
}

type Deed = (response: ServerResponse, number: number, isStream: boolean) => void;

const answer: Deed = (response, number, isStream) =>
  isStream ? stream(response, number) : json(response, whole(number));

const deeds: Readonly<Record<string, Deed>> = {
  answer,
  slow: (response, number, isStream) => {
    const timer = setTimeout(() => answer(response, 4, isStream), number);
    response.once('close', () => clearTimeout(timer));
  },
  hang: () => {},
  reset: (response) => response.destroy(),
  status: (response, number) => error(response, number, 'asked_for'),
  busy: (response) => {
    response.setHeader('retry-after', '0');
    error(response, 429, 'rate_limit_exceeded');
  },
  filter: (response) => error(response, 400, 'content_policy_violation'),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>maintenance</p>'),
  redirect: (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
  empty: (response) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': 0 }).end(),
  garbage: (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[{'),
  usage: (response) => json(response, whole(6, { prompt_tokens: -4, completion_tokens: 'many' })),
  cut: (response, number, isStream) => {
    if (isStream) {
      stream(response, number, true);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5_000 });
    response.write('{"id":"chatcmpl-soak","choices":[', () => response.destroy());
  },
  pour: (response) => pour(response),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('error', () => {});
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('latin1');
    const [, deed = 'answer', number = '4'] = /soak:([a-z]+):(\d+)/.exec(body) ?? [];
    (deeds[deed] ?? answer)(response, Number(number), body.includes('"stream":true'));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
