/** Streams of chat completions in the words of Anthropic's Messages. */
import type { AnswerSummary, StreamReader } from '../dialect.ts';
import { bridgeReader, type StreamWriter } from './bridge-reader.ts';
import {
  estimatedUsage,
  type Json,
  newCallId,
  newMessageId,
  stopReasonOf,
  type Told,
  type ToolCall,
  usageOf,
} from './chat-to-anthropic.ts';
import type { ChatChunk, ChatDelta } from './openai-chat-chunk.ts';
import { thoughtOf } from './openai-chat-whole.ts';

const eventOf = (type: string, fields: Json) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** A block that cannot begin yet: behind an open call, or a call without a name. */
interface WaitingBlock {
  readonly block: Json;
  readonly text: string;
}

/** A call whose pieces come now. */
interface OpenCall {
  readonly kind: string;
  readonly block: Json;
  /** What the upstream calls it; null until it does. */
  id: string | null;
}

/**
 * Content blocks follow each other: one ends before the next begins. Upstreams may mix the pieces of several tool calls, and
 * nobody knows which of them is over: the first flows as it comes, what begins behind it waits for the end.
 */
class MessagesWriter implements StreamWriter {
  readonly #told: Told;
  #hasBegun = false;
  #index = -1;
  #open: string | null = null;
  /** By the index that the upstream gives them. */
  readonly #calls = new Map<unknown, OpenCall>();
  #callCount = 0;
  readonly #waiting = new Map<string, WaitingBlock>();

  constructor(told: Told) {
    this.#told = told;
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
      if (block.type === 'tool_use') block.name ??= '';
      this.#openBlock(kind, block, events);
      if (text !== '') this.#delta(deltaOf(block, text), events);
      this.#close(events);
    }
    const delta = { stop_reason: stopReasonOf(summary.finishReason, this.#callCount > 0), stop_sequence: null };
    const counted = usageOf(usage ?? estimatedUsage(summary, this.#told.promptTokens));
    events.push(eventOf('message_delta', { delta, usage: counted }), eventOf('message_stop', {}));
    return events;
  }

  #begin(events: string[]): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { model, promptTokens } = this.#told;
    const empty = { role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null };
    // Some clients read the input here alone; others take what the last event says instead.
    const usage = usageOf(estimatedUsage(null, promptTokens));
    events.push(eventOf('message_start', { message: { id: newMessageId(), type: 'message', ...empty, usage } }));
  }

  #writeDelta(delta: ChatDelta, events: string[]): void {
    const thought = thoughtOf(delta);
    if (thought !== '')
      this.#say('thinking', { type: 'thinking', thinking: '', signature: '' }, { text: thought, events });
    for (const text of [delta.content, delta.refusal]) {
      if (typeof text !== 'string' || text === '') continue;
      this.#say('text', { type: 'text', text: '' }, { text, events });
    }
    for (const call of Array.isArray(delta.tool_calls) ? (delta.tool_calls as ToolCall[]) : []) {
      const { kind, block } = this.#findCall(call);
      const text = call.function?.arguments;
      this.#say(kind, block, { text: typeof text === 'string' ? text : '', events });
    }
  }

  /** Which call a piece belongs to. Some upstreams give all their calls one index, or none: a new id is a new call. */
  #findCall({ index, id, function: called }: ToolCall): OpenCall {
    const given = typeof id === 'string' && id !== '' ? id : null;
    let call = this.#calls.get(index);
    if (call === undefined || (given !== null && call.id !== null && call.id !== given)) {
      const block = { type: 'tool_use', id: given ?? newCallId(), name: undefined, input: {} };
      call = { kind: `tool ${this.#callCount++}`, block, id: given };
      this.#calls.set(index, call);
    }
    call.id ??= given;
    if (typeof called?.name === 'string' && called.name !== '') call.block.name ??= called.name;
    return call;
  }

  #say(kind: string, block: Json, { text, events }: { text: string; events: string[] }): void {
    const isBehindCall = this.#open?.startsWith('tool ') === true && this.#open !== kind;
    const isNameless = block.type === 'tool_use' && block.name === undefined;
    const said = (this.#waiting.get(kind)?.text ?? '') + text;
    if (isBehindCall || isNameless) {
      this.#waiting.set(kind, { block, text: said });
      return;
    }
    this.#waiting.delete(kind);
    this.#openBlock(kind, block, events);
    if (said !== '') this.#delta(deltaOf(block, said), events);
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

export function messagesReader(told: Told): StreamReader {
  return bridgeReader(new MessagesWriter(told));
}
