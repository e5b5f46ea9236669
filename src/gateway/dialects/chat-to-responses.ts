/** Answers of chat completions in the words of OpenAI's Responses, whole and streamed. */
import { utf8 } from '../../kit/index.ts';
import type { AnswerSummary, StreamReader, WholeAnswer } from '../dialect.ts';
import { bridgeReader, type StreamWriter } from './bridge-reader.ts';
import type { ChatChunk, ChatDelta } from './openai-chat-chunk.ts';
import { parseCompletion, summarize, type WholeMessage } from './openai-chat-whole.ts';
import {
  callItem,
  type Json,
  messageItem,
  newId,
  type Opened,
  refusalPart,
  responseObject,
  textPart,
  thoughtItem,
} from './response-object.ts';

interface ToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown };
}

/** What is done with the finished object, such as keeping it. */
export type OnResponse = (response: Json) => void;

/** Null when the bytes are no chat completion. */
export function responseOfChat(bytes: Uint8Array, opened: Opened, onResponse: OnResponse): WholeAnswer | null {
  const answer = parseCompletion(bytes);
  const choice = answer?.choices[0];
  if (answer === null || choice?.message === undefined) return null;
  const summary = summarize(answer);
  const response = responseObject(opened, {
    finishReason: summary.finishReason,
    output: itemsOf(choice.message),
    usage: answer.usage,
  });
  onResponse(response);
  return { summary, bytes: utf8(JSON.stringify(response)), mediaType: 'application/json' };
}

function itemsOf({ content, refusal, reasoning_content: thought, tool_calls: calls }: WholeMessage): Json[] {
  const items: Json[] = [];
  if (typeof thought === 'string' && thought !== '') items.push(thoughtItem(newId('rs'), thought));
  const parts: Json[] = [];
  if (typeof content === 'string' && content !== '') parts.push(textPart(content));
  if (typeof refusal === 'string' && refusal !== '') parts.push(refusalPart(refusal));
  if (parts.length > 0 || !Array.isArray(calls)) items.push(messageItem(newId('msg'), parts, 'completed'));
  for (const call of Array.isArray(calls) ? (calls as ToolCall[]) : []) {
    const described = {
      id: newId('fc'),
      callId: call.id,
      name: call.function?.name,
      text: String(call.function?.arguments ?? ''),
    };
    items.push(callItem(described, 'completed'));
  }
  return items;
}

/** An item that is being written. `finish` gives its last events and the item as it ended. */
interface OpenItem {
  readonly kind: string;
  add(text: string): void;
  finish(): Json;
}

/** An item that comes after the open one, whole. */
interface WaitingItem {
  open(): OpenItem;
  text: string;
}

/**
 * Items follow each other: one ends before the next begins. The pieces of several calls may come mixed: the first flows as it
 * comes, what begins behind it waits for the end.
 */
class ResponsesWriter implements StreamWriter {
  readonly #opened: Opened;
  readonly #onResponse: OnResponse;
  readonly #output: Json[] = [];
  #events: string[] = [];
  #sequence = 0;
  #hasBegun = false;
  #item: OpenItem | null = null;
  readonly #waiting = new Map<string, WaitingItem>();

  constructor(opened: Opened, onResponse: OnResponse) {
    this.#opened = opened;
    this.#onResponse = onResponse;
  }

  write(chunk: ChatChunk): readonly string[] {
    this.#begin();
    const delta = chunk.choices?.[0]?.delta;
    if (delta !== undefined) this.#writeDelta(delta);
    return this.#take();
  }

  end(summary: AnswerSummary, usage: unknown): readonly string[] {
    this.#begin();
    this.#close();
    for (const { open, text } of this.#waiting.values()) {
      this.#item = open();
      if (text !== '') this.#item.add(text);
      this.#close();
    }
    const response = responseObject(this.#opened, { finishReason: summary.finishReason, output: this.#output, usage });
    this.#onResponse(response);
    this.#emit(`response.${response.status}`, { response });
    return this.#take();
  }

  #take(): readonly string[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #emit(type: string, fields: Json): void {
    this.#events.push(
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.#sequence++, ...fields })}\n\n`,
    );
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const response = responseObject(this.#opened, null);
    this.#emit('response.created', { response });
    this.#emit('response.in_progress', { response });
  }

  #writeDelta(delta: ChatDelta): void {
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string' && thought !== '') this.#say('reasoning', () => this.#openThought(), thought);
    if (typeof delta.content === 'string' && delta.content !== '')
      this.#say('text', () => this.#openMessage('text'), delta.content);
    if (typeof delta.refusal === 'string' && delta.refusal !== '')
      this.#say('refusal', () => this.#openMessage('refusal'), delta.refusal);
    for (const call of Array.isArray(delta.tool_calls) ? (delta.tool_calls as ToolCall[]) : []) {
      const text = call.function?.arguments;
      const kind = `call ${String(call.index ?? 0)}`;
      this.#say(kind, () => this.#openCall(call), typeof text === 'string' ? text : '');
    }
  }

  #say(kind: string, open: () => OpenItem, text: string): void {
    if (this.#item?.kind.startsWith('call ') === true && this.#item.kind !== kind) {
      const known = this.#waiting.get(kind);
      if (known === undefined) this.#waiting.set(kind, { open, text });
      else known.text += text;
      return;
    }
    if (this.#item?.kind !== kind) {
      this.#close();
      this.#item = open();
    }
    if (text !== '') this.#item.add(text);
  }

  #close(): void {
    if (this.#item === null) return;
    const item = this.#item.finish();
    this.#emit('response.output_item.done', { output_index: this.#output.length, item });
    this.#output.push(item);
    this.#item = null;
  }

  #openMessage(kind: 'text' | 'refusal'): OpenItem {
    const id = newId('msg');
    const place = { item_id: id, output_index: this.#output.length, content_index: 0 };
    const [event, partOf] =
      kind === 'text' ? (['response.output_text', textPart] as const) : (['response.refusal', refusalPart] as const);
    let text = '';
    this.#emit('response.output_item.added', {
      output_index: place.output_index,
      item: messageItem(id, [], 'in_progress'),
    });
    this.#emit('response.content_part.added', { ...place, part: partOf('') });
    return {
      kind,
      add: (piece) => {
        text += piece;
        this.#emit(`${event}.delta`, { ...place, delta: piece, ...(kind === 'text' ? { logprobs: [] } : {}) });
      },
      finish: () => {
        this.#emit(`${event}.done`, { ...place, [kind]: text, ...(kind === 'text' ? { logprobs: [] } : {}) });
        this.#emit('response.content_part.done', { ...place, part: partOf(text) });
        return messageItem(id, [partOf(text)], 'completed');
      },
    };
  }

  #openCall(call: ToolCall): OpenItem {
    const described = { id: newId('fc'), callId: call.id ?? newId('call'), name: call.function?.name, text: '' };
    const place = { item_id: described.id, output_index: this.#output.length };
    this.#emit('response.output_item.added', {
      output_index: place.output_index,
      item: callItem(described, 'in_progress'),
    });
    return {
      kind: `call ${String(call.index ?? 0)}`,
      add: (piece) => {
        described.text += piece;
        this.#emit('response.function_call_arguments.delta', { ...place, delta: piece });
      },
      finish: () => {
        this.#emit('response.function_call_arguments.done', {
          ...place,
          name: described.name,
          arguments: described.text,
        });
        return callItem(described, 'completed');
      },
    };
  }

  #openThought(): OpenItem {
    const id = newId('rs');
    const place = { item_id: id, output_index: this.#output.length, content_index: 0 };
    let thought = '';
    this.#emit('response.output_item.added', { output_index: place.output_index, item: thoughtItem(id, '') });
    return {
      kind: 'reasoning',
      add: (piece) => {
        thought += piece;
        this.#emit('response.reasoning_text.delta', { ...place, delta: piece });
      },
      finish: () => {
        this.#emit('response.reasoning_text.done', { ...place, text: thought });
        return thoughtItem(id, thought);
      },
    };
  }
}

export function responsesReader(opened: Opened, onResponse: OnResponse): StreamReader {
  return bridgeReader(new ResponsesWriter(opened, onResponse));
}
