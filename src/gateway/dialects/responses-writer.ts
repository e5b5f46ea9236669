import type { AnswerSummary } from '../dialect.ts';
import type { StreamWriter } from './bridge-reader.ts';
import type { ChatChoice, ChatChunk } from './openai-chat-chunk.ts';
import { cutReason, type ItemStatus, type Json, logprobsOf, type Opened, responseObject } from './response-object.ts';
import { argumentsOf, CallItem, PartItem, type Piece, type StreamedItem, type ToolCall } from './stream-items.ts';

/** What is done with the finished object, such as keeping it. */
export type OnResponse = (response: Json) => void;

/** An item, and what of it was not told yet. */
interface Draft<Item extends StreamedItem = StreamedItem> {
  readonly item: Item;
  readonly untold: Piece;
}

/**
 * Items follow each other: one ends before the next begins. The pieces of several calls may come mixed: the first flows as it
 * comes, what begins behind it waits for the end.
 */
export class ResponsesWriter implements StreamWriter {
  readonly #opened: Opened;
  readonly #onResponse: OnResponse;
  readonly #output: Json[] = [];
  #events: string[] = [];
  #sequence = 0;
  #hasBegun = false;
  #current: Draft | null = null;
  #isOpen = false;
  readonly #waiting: Draft[] = [];
  /** The last call of each index. */
  readonly #calls = new Map<unknown, Draft<CallItem>>();

  constructor(opened: Opened, onResponse: OnResponse) {
    this.#opened = opened;
    this.#onResponse = onResponse;
  }

  /** The number of the event that would come next. */
  get nextNumber(): number {
    return this.#sequence;
  }

  write(chunk: ChatChunk): readonly string[] {
    this.#begin();
    const choice = chunk.choices?.[0];
    if (choice !== undefined) this.#writeChoice(choice);
    return this.#take();
  }

  end({ finishReason }: AnswerSummary, usage: unknown): readonly string[] {
    this.#begin();
    const last: ItemStatus = cutReason(finishReason) === null ? 'completed' : 'incomplete';
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#close('completed');
      this.#current = next;
    }
    this.#close(last);
    const response = responseObject(this.#opened, { finishReason, output: this.#output, usage });
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

  #writeChoice({ delta, logprobs }: ChatChoice): void {
    this.#sayPart('thought', delta?.reasoning_content ?? delta?.reasoning);
    this.#sayPart('text', delta?.content, logprobsOf(logprobs));
    this.#sayPart('refusal', delta?.refusal);
    for (const call of Array.isArray(delta?.tool_calls) ? (delta.tool_calls as ToolCall[]) : []) this.#sayCall(call);
  }

  #sayPart(kind: PartItem['kind'], text: unknown, logprobs: readonly Json[] = []): void {
    if (typeof text !== 'string' || text === '') return;
    const known = [this.#current, ...this.#waiting].find((draft) => draft?.item.kind === kind);
    this.#say(known ?? this.#draft(new PartItem(kind)), { text, logprobs });
  }

  #sayCall(call: ToolCall): void {
    const index = call.index ?? 0;
    const known = this.#calls.get(index);
    const draft = known?.item.isOf(call) ? known : this.#draft(new CallItem());
    this.#calls.set(index, draft);
    draft.item.hear(call);
    this.#say(draft, { text: argumentsOf(call), logprobs: [] });
  }

  /** A new item ends the one before it, unless that is a call: then it waits. */
  #draft<Item extends StreamedItem>(item: Item): Draft<Item> {
    const draft = { item, untold: { text: '', logprobs: [] } };
    if (this.#current?.item.kind === 'call') this.#waiting.push(draft);
    else {
      this.#close('completed');
      this.#current = draft;
    }
    return draft;
  }

  #say(draft: Draft, { text, logprobs }: Piece): void {
    draft.untold.text += text;
    if (logprobs.length > 0) draft.untold.logprobs = [...draft.untold.logprobs, ...logprobs];
    if (draft === this.#current && draft.item.canOpen) this.#tell(draft);
  }

  #tell({ item, untold }: Draft): void {
    if (!this.#isOpen) {
      const emit = (type: string, fields: Json) => this.#emit(type, fields);
      item.open({ responseId: this.#opened.id, index: this.#output.length, emit });
      this.#isOpen = true;
    }
    if (untold.text === '') return;
    item.add({ ...untold });
    untold.text = '';
    untold.logprobs = [];
  }

  #close(status: ItemStatus): void {
    if (this.#current === null) return;
    this.#tell(this.#current);
    const item = this.#current.item.finish(status);
    this.#emit('response.output_item.done', { output_index: this.#output.length, item });
    this.#output.push(item);
    this.#current = null;
    this.#isOpen = false;
  }
}
