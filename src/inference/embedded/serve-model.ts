import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ChatInput, readChatInput } from './chat-input.ts';
import type { Generated } from './generate-answer.ts';
import type { Engine } from './open-engine.ts';

/** What the model process says of itself. `detail` is a public sentence with what to do. */
export interface ModelState {
  readonly state: 'absent' | 'fetching' | 'verifying' | 'loading' | 'ready' | 'failed';
  readonly detail: string;
}

export interface ModelService {
  readonly id: string;
  /** Null until the model is loaded. */
  engine(): Engine | null;
  state(): ModelState;
}

const BODY_BYTES_MAX = 16_000_000;

/** OpenAI's chat completions on a Unix socket: for the gateway the embedded model is an upstream like any other. */
export async function serveModel(socketPath: string, service: ModelService): Promise<Server> {
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    route(request, response, service).catch((cause: Error) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, { code: 'internal', message: cause.message });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return server;
}

async function route(request: IncomingMessage, response: ServerResponse, service: ModelService): Promise<void> {
  if (request.url === '/healthz') return sendJson(response, 200, service.state());
  if (request.url === '/v1/models')
    return sendJson(response, 200, {
      object: 'list',
      data: [{ id: service.id, object: 'model', created: 0, owned_by: 'embedded' }],
    });
  if (request.url !== '/v1/chat/completions')
    return sendError(response, 404, { code: 'not-found', message: 'there is nothing here' });
  const text = await readText(request);
  if (text === null) return sendError(response, 413, { code: 'too-large', message: 'the body is too large' });
  const body = parseJson(text);
  if (body === undefined) return sendError(response, 400, { code: 'malformed', message: 'the body is no JSON' });
  const read = readChatInput(body);
  if (read.kind === 'refused')
    return sendError(response, 400, { code: 'unsupported_parameter', message: read.message, param: read.param });
  const engine = service.engine();
  if (engine === null) return sendError(response, 503, { code: 'model-unavailable', message: service.state().detail });
  await new Answer(response, service.id, read.input).run(engine);
}

/** Undefined, which JSON cannot say, when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Null when it is too large; the rest is read and dropped, so that the answer arrives. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return length > BODY_BYTES_MAX ? null : Buffer.concat(chunks).toString('utf8');
}

interface ErrorFields {
  readonly code: string;
  readonly message: string;
  readonly param?: string | null;
}

function sendError(response: ServerResponse, status: number, { code, message, param = null }: ErrorFields): void {
  if (status === 503) response.setHeader('retry-after', '5');
  sendJson(response, status, {
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param, code },
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

/** One answer on its way: streamed or whole, ended at once when the reader leaves. */
class Answer {
  readonly #response: ServerResponse;
  readonly #input: ChatInput;
  readonly #base: { id: string; created: number; model: string };

  constructor(response: ServerResponse, model: string, input: ChatInput) {
    this.#response = response;
    this.#input = input;
    this.#base = { id: `chatcmpl-${randomBytes(12).toString('hex')}`, created: Math.floor(Date.now() / 1000), model };
  }

  async run(engine: Engine): Promise<void> {
    const abort = new AbortController();
    this.#response.once('close', () => abort.abort());
    const onText = (text: string) => {
      if (this.#input.stream) this.#send([{ index: 0, delta: this.#delta(text), finish_reason: null }]);
    };
    const generation = await engine.generate(this.#input, { signal: abort.signal, onText });
    switch (generation.kind) {
      case 'aborted':
        this.#response.destroy();
        return;
      case 'full':
        return sendError(this.#response, 503, {
          code: 'overloaded',
          message: 'all places of the model are taken; try again in a few seconds',
        });
      case 'too-long': {
        const message = `the messages have ${generation.promptTokens} tokens, more than the model can read; send fewer`;
        return sendError(this.#response, 400, { code: 'context_length_exceeded', message, param: 'messages' });
      }
      case 'done':
        return this.#end(generation.generated);
    }
  }

  /** The first piece names the speaker, as OpenAI's does. */
  #delta(content: string): object {
    return this.#response.headersSent ? { content } : { role: 'assistant', content };
  }

  #send(choices: readonly unknown[], more: object = {}): void {
    if (!this.#response.headersSent)
      this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#response.write(
      `data: ${JSON.stringify({ ...this.#base, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
    );
  }

  #end({ text, finishReason, promptTokens, completionTokens }: Generated): void {
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    };
    if (!this.#input.stream) {
      const choices = [
        { index: 0, message: { role: 'assistant', content: text }, finish_reason: finishReason, logprobs: null },
      ];
      sendJson(this.#response, 200, { ...this.#base, object: 'chat.completion', choices, usage });
      return;
    }
    this.#send([{ index: 0, delta: this.#response.headersSent ? {} : this.#delta(''), finish_reason: finishReason }]);
    if (this.#input.includeUsage) this.#send([], { usage });
    this.#response.end('data: [DONE]\n\n');
  }
}
