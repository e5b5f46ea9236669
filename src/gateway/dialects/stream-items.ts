/** Items of a streamed response as they are written: each opens, grows and ends, and tells so in events. */
import {
  callItem,
  type ItemStatus,
  itemId,
  type Json,
  messageItem,
  newId,
  refusalPart,
  textPart,
  thoughtItem,
  thoughtPart,
} from './response-object.ts';

/** Where an item stands, and where its events go. */
export interface Place {
  readonly responseId: string;
  readonly index: number;
  emit(type: string, fields: Json): void;
}

/** What is said and, where it was asked for, how likely it was. */
export interface Piece {
  text: string;
  logprobs: readonly Json[];
}

export interface StreamedItem {
  readonly kind: string;
  /** False while nobody knows what to call it. */
  readonly canOpen: boolean;
  open(place: Place): void;
  add(piece: Piece): void;
  /** Tells the last events of its content; gives the item as it ended. */
  finish(status: ItemStatus): Json;
}

type PartKind = 'text' | 'refusal' | 'thought';

/** A message or a thought: an item with one part. */
export class PartItem implements StreamedItem {
  readonly kind: PartKind;
  readonly canOpen = true;
  #place: Place | null = null;
  #id = '';
  #text = '';
  readonly #logprobs: Json[] = [];

  constructor(kind: PartKind) {
    this.kind = kind;
  }

  open(place: Place): void {
    this.#place = place;
    this.#id = itemId(this.kind === 'thought' ? 'rs' : 'msg', place);
    place.emit('response.output_item.added', { output_index: place.index, item: this.#item([], 'in_progress') });
    this.#tell('response.content_part.added', { part: this.#part() });
  }

  add({ text, logprobs }: Piece): void {
    this.#text += text;
    this.#logprobs.push(...logprobs);
    this.#tell(`${this.#event}.delta`, { delta: text, ...(this.kind === 'text' ? { logprobs } : {}) });
  }

  finish(status: ItemStatus): Json {
    const said = this.kind === 'text' ? { text: this.#text, logprobs: this.#logprobs } : null;
    const other = this.kind === 'refusal' ? { refusal: this.#text } : { text: this.#text };
    this.#tell(`${this.#event}.done`, said ?? other);
    this.#tell('response.content_part.done', { part: this.#part() });
    return this.#item([this.#part()], status);
  }

  get #event(): string {
    if (this.kind === 'thought') return 'response.reasoning_text';
    return this.kind === 'text' ? 'response.output_text' : 'response.refusal';
  }

  #part(): Json {
    if (this.kind === 'thought') return thoughtPart(this.#text);
    return this.kind === 'text' ? textPart(this.#text, this.#logprobs) : refusalPart(this.#text);
  }

  #item(content: readonly Json[], status: ItemStatus): Json {
    return this.kind === 'thought' ? thoughtItem(this.#id, content, status) : messageItem(this.#id, content, status);
  }

  #tell(type: string, fields: Json): void {
    this.#place?.emit(type, { item_id: this.#id, output_index: this.#place.index, content_index: 0, ...fields });
  }
}

export interface ToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
}

const isSaid = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Some servers write arguments as an object, not as its text. */
export function argumentsOf({ function: called }: ToolCall): string {
  const said = called?.arguments ?? '';
  return typeof said === 'string' ? said : JSON.stringify(said);
}

/** A call of a tool. Its name may come behind its first arguments, its id late or never. */
export class CallItem implements StreamedItem {
  readonly kind = 'call';
  #place: Place | null = null;
  #itemId = '';
  #callId: string | null = null;
  #name = '';
  #text = '';
  #upstreamId: string | null = null;

  get canOpen(): boolean {
    return this.#name !== '';
  }

  /** Whether a piece belongs to this call: one that has another id does not. */
  isOf({ id }: ToolCall): boolean {
    return !isSaid(id) || this.#upstreamId === null || this.#upstreamId === id;
  }

  hear({ id, function: called }: ToolCall): void {
    if (isSaid(id)) this.#upstreamId = id;
    if (this.#name === '' && isSaid(called?.name)) this.#name = called.name;
  }

  open(place: Place): void {
    this.#place = place;
    this.#itemId = itemId('fc', place);
    this.#callId = this.#upstreamId ?? newId('call');
    place.emit('response.output_item.added', { output_index: place.index, item: this.#item('in_progress') });
  }

  add({ text }: Piece): void {
    this.#text += text;
    this.#tell('response.function_call_arguments.delta', { delta: text });
  }

  finish(status: ItemStatus): Json {
    this.#tell('response.function_call_arguments.done', { name: this.#name, arguments: this.#text });
    return this.#item(status);
  }

  #item(status: ItemStatus): Json {
    return callItem({ id: this.#itemId, callId: this.#callId, name: this.#name, text: this.#text }, status);
  }

  #tell(type: string, fields: Json): void {
    this.#place?.emit(type, { item_id: this.#itemId, output_index: this.#place.index, ...fields });
  }
}
