/** Answers of the packages in the form of chat completions, whole and streamed. platform.openai.com, API reference (2026-11) */
import { randomBytes } from 'node:crypto';
import type { StreamPart, WholeResult } from './driver.ts';
import type { ProviderError } from './error-body.ts';

type Json = Record<string, unknown>;
type FinishReason = WholeResult['finishReason'];
type Usage = WholeResult['usage'];
type Content = WholeResult['content'][number];

const finishReasons: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};

/** Those that not every package knows. */
const rawReasons: Readonly<Record<string, string>> = {
  model_context_window_exceeded: 'length',
  content_filter: 'content_filter',
  refusal: 'content_filter',
};

/** Null where the provider named none of OpenAI's reasons: the answer broke off for one of its own. */
export function finishReasonOf({ unified, raw }: FinishReason): string | null {
  return finishReasons[unified] ?? rawReasons[String(raw).toLowerCase()] ?? null;
}

/** The provider said why it ended. Without that, the answer was cut. */
export function hasEnded(reason: FinishReason): boolean {
  return reason.raw !== undefined;
}

export function endError({ raw }: FinishReason): ProviderError {
  const message = 'the provider ended the answer for a reason of its own';
  const code = String(raw).toLowerCase();
  return { message, type: 'upstream_error', code: /^[\w.-]{1,64}$/.test(code) ? code : null, param: null };
}

function usageOf({ inputTokens, outputTokens }: Usage): Json | null {
  if (inputTokens.total === undefined || outputTokens.total === undefined) return null;
  const { cacheRead } = inputTokens;
  const { reasoning } = outputTokens;
  return {
    prompt_tokens: inputTokens.total,
    completion_tokens: outputTokens.total,
    total_tokens: inputTokens.total + outputTokens.total,
    ...(cacheRead === undefined ? {} : { prompt_tokens_details: { cached_tokens: cacheRead } }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function head(object: string, model: string): Json {
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${randomBytes(12).toString('hex')}`, object, created, model };
}

export function wholeChat({ content, finishReason, usage }: WholeResult, model: string): Json {
  const text = textOf(content, 'text');
  const thought = textOf(content, 'reasoning');
  const calls = content.filter((part) => part.type === 'tool-call' && part.providerExecuted !== true);
  const message: Json = { role: 'assistant', content: text === '' && calls.length > 0 ? null : text, refusal: null };
  if (thought !== '') message.reasoning_content = thought;
  if (calls.length > 0) message.tool_calls = calls.map(toolCall);
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReasonOf(finishReason) };
  const counted = usageOf(usage);
  return { ...head('chat.completion', model), choices: [choice], ...(counted === null ? {} : { usage: counted }) };
}

function textOf(content: readonly Content[], type: 'text' | 'reasoning'): string {
  return content.map((part) => (part.type === type ? part.text : '')).join('');
}

function toolCall(call: Content): Json {
  const { toolCallId, toolName, input } = call as Extract<Content, { type: 'tool-call' }>;
  return { id: toolCallId, type: 'function', function: { name: toolName, arguments: input || '{}' } };
}

export const frameOf = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const DONE = 'data: [DONE]\n\n';

/** Writes the frames of one stream, one part at a time. */
export class ChatWriter {
  readonly #head: Json;
  readonly #calls = new Map<string, { index: number; isEmpty: boolean }>();
  #hasBegun = false;

  constructor(model: string) {
    this.#head = head('chat.completion.chunk', model);
  }

  /** Empty for what a client of OpenAI's API is not told. */
  write(part: StreamPart): string {
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? '' : this.#delta({ content: part.delta });
      case 'reasoning-delta':
        return part.delta === '' ? '' : this.#delta({ reasoning_content: part.delta });
      case 'tool-input-start':
        return part.providerExecuted === true ? '' : this.#openCall(part.id, part.toolName, '');
      case 'tool-input-delta':
        return this.#argue(part.id, part.delta);
      case 'tool-call':
        return part.providerExecuted === true ? '' : this.#closeCall(part);
      default:
        return '';
    }
  }

  end(reason: string, usage: Usage, withUsage: boolean): string {
    const counted = withUsage ? usageOf(usage) : null;
    const last = counted === null ? '' : frameOf({ ...this.#head, choices: [], usage: counted });
    return this.#begin() + this.#choice({}, reason) + last + DONE;
  }

  #begin(): string {
    if (this.#hasBegun) return '';
    this.#hasBegun = true;
    return this.#choice({ role: 'assistant', content: '', refusal: null }, null);
  }

  #choice(delta: Json, reason: string | null): string {
    return frameOf({ ...this.#head, choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }] });
  }

  #delta(delta: Json): string {
    return this.#begin() + this.#choice(delta, null);
  }

  #openCall(id: string, name: string, text: string): string {
    if (this.#calls.has(id)) return '';
    const index = this.#calls.size;
    this.#calls.set(id, { index, isEmpty: text === '' });
    return this.#delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }] });
  }

  #argue(id: string, text: string): string {
    const call = this.#calls.get(id);
    if (call === undefined || text === '') return '';
    call.isEmpty = false;
    return this.#delta({ tool_calls: [{ index: call.index, function: { arguments: text } }] });
  }

  /** Some packages give a call only when it is whole. */
  #closeCall({ toolCallId, toolName, input }: Extract<StreamPart, { type: 'tool-call' }>): string {
    const call = this.#calls.get(toolCallId);
    if (call === undefined) return this.#openCall(toolCallId, toolName, input || '{}');
    return call.isEmpty ? this.#argue(toolCallId, input || '{}') : '';
  }
}
