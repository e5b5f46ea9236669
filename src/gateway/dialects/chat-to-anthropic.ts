/** Answers of chat completions in the words of Anthropic's Messages, whole and streamed. */
import { randomBytes } from 'node:crypto';
import { utf8 } from '../../kit/index.ts';
import type { AnswerSummary, StreamReader, WholeAnswer } from '../dialect.ts';
import { bridgeReader, type StreamWriter } from './bridge-reader.ts';
import type { ChatChunk, ChatDelta } from './openai-chat-chunk.ts';
import { isCount } from './openai-chat-chunk.ts';
import { parseCompletion, summarize, type WholeMessage } from './openai-chat-whole.ts';

type Json = Record<string, unknown>;

/** Upstream's reason on the left. What is none of them ends a turn. */
const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

const stopReasonOf = (reason: unknown) => stopReasons[String(reason)] ?? 'end_turn';
const newMessageId = () => `msg_${randomBytes(16).toString('hex')}`;

interface ChatUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly prompt_tokens_details?: { readonly cached_tokens?: unknown } | null;
}

/** Anthropic counts what came from the cache apart from the other input. */
function usageOf(usage: unknown): Json {
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = (usage ?? {}) as ChatUsage;
  const input = isCount(prompt_tokens) ? prompt_tokens : 0;
  const cached = prompt_tokens_details?.cached_tokens;
  const fromCache = isCount(cached) && cached <= input ? cached : 0;
  return {
    input_tokens: input - fromCache,
    output_tokens: isCount(completion_tokens) ? completion_tokens : 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: fromCache,
  };
}

interface ToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown };
}

/** Null when the bytes are no chat completion. */
export function messageOfChat(bytes: Uint8Array, to: { model: string; mediaType: string }): WholeAnswer | null {
  const answer = parseCompletion(bytes);
  const choice = answer?.choices[0];
  if (answer === null || choice?.message === undefined) return null;
  const message = {
    id: newMessageId(),
    type: 'message',
    role: 'assistant',
    model: to.model,
    content: contentOf(choice.message),
    stop_reason: stopReasonOf(choice.finish_reason),
    stop_sequence: null,
    usage: usageOf(answer.usage),
  };
  return { summary: summarize(answer), bytes: utf8(JSON.stringify(message)), mediaType: to.mediaType };
}

function contentOf({ content, refusal, reasoning_content: thought, tool_calls: calls }: WholeMessage): Json[] {
  const blocks: Json[] = [];
  if (typeof thought === 'string' && thought !== '')
    blocks.push({ type: 'thinking', thinking: thought, signature: '' });
  for (const text of [content, refusal])
    if (typeof text === 'string' && text !== '') blocks.push({ type: 'text', text });
  for (const call of Array.isArray(calls) ? (calls as ToolCall[]) : []) {
    blocks.push({
      type: 'tool_use',
      id: call.id,
      name: call.function?.name,
      input: readArguments(call.function?.arguments),
    });
  }
  return blocks;
}

/** Small models write arguments that are no JSON; the client is shown what they wrote. */
function readArguments(text: unknown): unknown {
  if (typeof text !== 'string' || text.trim() === '') return {};
  try {
    const input = JSON.parse(text);
    return input !== null && typeof input === 'object' ? input : { value: input };
  } catch {
    return { unparsed: text };
  }
}

const eventOf = (type: string, fields: Json) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** A block that comes after the open one, whole. */
interface WaitingBlock {
  readonly block: Json;
  text: string;
}

/**
 * Content blocks follow each other: one ends before the next begins. Upstreams may mix the pieces of several tool calls, and
 * nobody knows which of them is over: the first flows as it comes, what begins behind it waits for the end.
 */
class MessagesWriter implements StreamWriter {
  readonly #model: string;
  #hasBegun = false;
  #index = -1;
  #open: string | null = null;
  readonly #waiting = new Map<string, WaitingBlock>();

  constructor(model: string) {
    this.#model = model;
  }

  write(chunk: ChatChunk): readonly string[] {
    const events: string[] = [];
    this.#begin(events);
    const delta = chunk.choices?.[0]?.delta;
    if (delta !== undefined) this.#writeDelta(delta, events);
    return events;
  }

  end(summary: AnswerSummary, usage: unknown): readonly string[] {
    const events: string[] = [];
    this.#begin(events);
    this.#close(events);
    for (const [kind, { block, text }] of this.#waiting) {
      this.#openBlock(kind, block, events);
      if (text !== '') this.#delta(deltaOf(block, text), events);
      this.#close(events);
    }
    const delta = { stop_reason: stopReasonOf(summary.finishReason), stop_sequence: null };
    events.push(
      eventOf('message_delta', { delta, usage: usageOf(usage ?? wordsOf(summary)) }),
      eventOf('message_stop', {}),
    );
    return events;
  }

  #begin(events: string[]): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const empty = { role: 'assistant', model: this.#model, content: [], stop_reason: null, stop_sequence: null };
    events.push(
      eventOf('message_start', { message: { id: newMessageId(), type: 'message', ...empty, usage: usageOf(null) } }),
    );
  }

  #writeDelta(delta: ChatDelta, events: string[]): void {
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string' && thought !== '')
      this.#say('thinking', { type: 'thinking', thinking: '', signature: '' }, { text: thought, events });
    for (const text of [delta.content, delta.refusal]) {
      if (typeof text !== 'string' || text === '') continue;
      this.#say('text', { type: 'text', text: '' }, { text, events });
    }
    for (const call of Array.isArray(delta.tool_calls) ? (delta.tool_calls as ToolCall[]) : []) {
      const name = call.function?.name;
      const block = { type: 'tool_use', id: call.id ?? `toolu_${randomBytes(12).toString('hex')}`, name, input: {} };
      const text = call.function?.arguments;
      this.#say(`tool ${String(call.index ?? 0)}`, block, { text: typeof text === 'string' ? text : '', events });
    }
  }

  #say(kind: string, block: Json, { text, events }: { text: string; events: string[] }): void {
    const isBehindTool = this.#open?.startsWith('tool ') === true && this.#open !== kind;
    if (isBehindTool) {
      const known = this.#waiting.get(kind);
      if (known === undefined) this.#waiting.set(kind, { block, text });
      else known.text += text;
      return;
    }
    this.#openBlock(kind, block, events);
    if (text !== '') this.#delta(deltaOf(block, text), events);
  }

  #openBlock(kind: string, block: Json, events: string[]): void {
    if (this.#open === kind) return;
    this.#close(events);
    this.#open = kind;
    this.#index++;
    events.push(eventOf('content_block_start', { index: this.#index, content_block: block }));
  }

  #delta(delta: Json, events: string[]): void {
    events.push(eventOf('content_block_delta', { index: this.#index, delta }));
  }

  #close(events: string[]): void {
    if (this.#open === null) return;
    this.#open = null;
    events.push(eventOf('content_block_stop', { index: this.#index }));
  }
}

function deltaOf({ type }: Json, text: string): Json {
  if (type === 'thinking') return { type: 'thinking_delta', thinking: text };
  return type === 'text' ? { type: 'text_delta', text } : { type: 'input_json_delta', partial_json: text };
}

function wordsOf(summary: AnswerSummary): ChatUsage {
  return { completion_tokens: summary.usage?.completionTokens ?? summary.counted };
}

export function messagesReader({ model }: { model: string }): StreamReader {
  return bridgeReader(new MessagesWriter(model));
}
