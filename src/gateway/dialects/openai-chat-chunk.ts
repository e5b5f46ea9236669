import type { AnswerSummary, Usage } from '../dialect.ts';
import { areObjects, isObject } from '../wire/is-object.ts';
import { mustEnd, TextDigest } from '../wire/text-digest.ts';
import { noPart, parseEvent } from './parse-event.ts';
import type { SseFrame } from './sse-splitter.ts';

export interface ChatDelta {
  readonly role?: unknown;
  readonly content?: unknown;
  readonly refusal?: unknown;
  /** How vLLM, DeepSeek and others write what a model thinks. */
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly tool_calls?: unknown;
}

export interface ChatChoice {
  readonly index?: number;
  readonly delta?: ChatDelta;
  readonly logprobs?: unknown;
  readonly finish_reason?: unknown;
}

export interface ChatChunk {
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: unknown;
}

/** A count that a bill may rest on: a whole number that is not negative. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

interface SaidUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly total_tokens?: unknown;
}

/** What is more in the total than in its parts was generated too: some providers leave thoughts out of `completion_tokens`, and bill them. */
export function readUsage(usage: unknown): Usage | null {
  if (usage === null || typeof usage !== 'object') return null;
  const { prompt_tokens, completion_tokens = 0, total_tokens } = usage as SaidUsage;
  if (!isCount(prompt_tokens) || !isCount(completion_tokens)) return null;
  const generated = isCount(total_tokens) ? total_tokens - prompt_tokens : 0;
  return { promptTokens: prompt_tokens, completionTokens: Math.max(completion_tokens, generated) };
}

/** A word for why an answer ended. Without one it did not end, and some upstreams end a broken one by `error`. */
export function isReason(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== BROKEN;
}

const BROKEN = 'error';

/** A chunk of a chat or a completion; null when it says that something went wrong. @throws Problem `upstream-failed` */
export function parseChunk(frame: Pick<SseFrame, 'event' | 'data'>): ChatChunk | null {
  const chunk = parseEvent(frame);
  if (chunk === null || chunk.choices == null) return chunk as ChatChunk | null;
  if (!areObjects(chunk.choices)) throw noPart();
  for (const { delta, error, finish_reason } of chunk.choices) {
    if (error || finish_reason === BROKEN) return null;
    if (delta != null && !isDelta(delta)) throw noPart();
  }
  return chunk as ChatChunk;
}

function isDelta(delta: unknown): boolean {
  return isObject(delta) && (delta.tool_calls == null || areObjects(delta.tool_calls));
}

/** Usage for nobody who asked for it, and what is neither choices nor usage: no part of an answer has that form. */
export function isHidden({ choices, usage }: ChatChunk, wantsUsage: boolean): boolean {
  if (choices != null && choices.length > 0) return false;
  return usage == null ? choices == null : !wantsUsage;
}

/** What a chat stream has said so far. */
export class ChatTally {
  readonly #choices: number;
  readonly #onText: ((delta: string) => void) | undefined;
  readonly #texts: TextDigest[] = [];
  readonly #ended = new Set<number>();
  #seen = 0;
  #finishReason: string | null = null;
  #usage: Usage | null = null;
  #counted = 0;
  #length = 0;

  /** `onText` hears each delta, of whichever choice. */
  constructor(choices: number, onText?: (delta: string) => void) {
    this.#choices = choices;
    this.#onText = onText;
  }

  add(chunk: ChatChunk): void {
    for (const choice of chunk.choices ?? []) this.#addChoice(choice);
    this.#usage = readUsage(chunk.usage) ?? this.#usage;
  }

  /** Every choice that was asked for has ended: a client may stop reading here. */
  get hasEnded(): boolean {
    return this.#ended.size >= this.#choices;
  }

  /** What has begun has also ended, and something has. */
  get isWhole(): boolean {
    return this.#ended.size > 0 && this.#ended.size >= this.#seen;
  }

  summary(): AnswerSummary {
    const textDigests = this.#texts.map((text) => text.hex());
    return { textDigests, finishReason: this.#finishReason, usage: this.#usage, counted: this.#counted };
  }

  #addChoice({ index, delta, finish_reason }: ChatChoice): void {
    const at = isCount(index) && index < this.#choices ? index : 0;
    this.#seen = Math.max(this.#seen, at + 1);
    const content = delta?.content;
    if (typeof content === 'string' && content !== '') {
      while (this.#texts.length <= at) this.#texts.push(new TextDigest());
      this.#texts[at]?.add(content);
      this.#take(content.length);
      this.#onText?.(content);
    } else if (delta?.reasoning_content || delta?.reasoning || delta?.tool_calls || delta?.refusal)
      this.#take(lengthBeside(delta));
    if (isReason(finish_reason)) {
      this.#ended.add(at);
      this.#finishReason ??= finish_reason;
    }
  }

  #take(characters: number): void {
    this.#length += characters;
    mustEnd(this.#length);
    this.#counted++;
  }
}

/** Characters of what is said beside the text: translations keep some of it until its turn comes. */
function lengthBeside({ reasoning_content, reasoning, refusal, tool_calls }: ChatDelta): number {
  let length = 0;
  for (const text of [reasoning_content, reasoning, refusal]) if (typeof text === 'string') length += text.length;
  if (!areObjects(tool_calls)) return length;
  for (const { function: called } of tool_calls) {
    const words = isObject(called) ? called.arguments : null;
    if (typeof words === 'string') length += words.length;
  }
  return length;
}
