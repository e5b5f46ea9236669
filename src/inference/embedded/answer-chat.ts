import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ChatInput } from './chat-input.ts';
import type { Generated } from './generate-answer.ts';
import type { Engine } from './open-engine.ts';
import { sendError, sendJson } from './send-error.ts';

/** When all places are taken, an answer of the starter is done in about this time. */
const RETRY_SECONDS = 5;

/** One answer on its way: streamed or whole, ended at once when the reader leaves. */
export class ChatAnswer {
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
    if (this.#response.destroyed) return;
    const onText = (text: string) => {
      if (this.#input.stream) this.#send([{ index: 0, delta: this.#delta(text), finish_reason: null }]);
    };
    const generation = await engine.generate(this.#input, { signal: abort.signal, onText });
    switch (generation.kind) {
      case 'aborted':
        this.#response.destroy();
        return;
      case 'full': {
        const message = 'all places of the model are taken; try again in a few seconds';
        return sendError(this.#response, {
          status: 503,
          code: 'overloaded',
          message,
          retryAfterSeconds: RETRY_SECONDS,
        });
      }
      case 'too-long': {
        const { promptTokens, contextTokens } = generation;
        const message = `the prompt is too long: it has ${promptTokens} tokens, and this model's maximum context length is ${contextTokens}, its answer included; send less`;
        const error = { status: 400, code: 'context_length_exceeded', message, param: 'messages' };
        return sendError(this.#response, error);
      }
      case 'done':
        return this.#end(generation.generated);
    }
  }

  /** The first piece names the speaker, as OpenAI's does. */
  #delta(content: string): object {
    return this.#response.headersSent ? { content } : { role: 'assistant', content };
  }

  #send(choices: readonly unknown[], usage: object | null = null): void {
    if (!this.#response.headersSent)
      this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const frame = { ...this.#base, object: 'chat.completion.chunk', choices };
    this.#response.write(`data: ${JSON.stringify(this.#input.includeUsage ? { ...frame, usage } : frame)}\n\n`);
  }

  #end({ text, finishReason, promptTokens, completionTokens }: Generated): void {
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    };
    if (!this.#input.stream) {
      const message = { role: 'assistant', content: text, refusal: null };
      const choices = [{ index: 0, message, finish_reason: finishReason, logprobs: null }];
      sendJson(this.#response, 200, { ...this.#base, object: 'chat.completion', choices, usage });
      return;
    }
    this.#send([{ index: 0, delta: this.#response.headersSent ? {} : this.#delta(''), finish_reason: finishReason }]);
    if (this.#input.includeUsage) this.#send([], usage);
    this.#response.end('data: [DONE]\n\n');
  }
}
