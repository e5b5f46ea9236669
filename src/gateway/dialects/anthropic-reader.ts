import { sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, Frame, FrameKind, StreamReader, Usage, WholeAnswer } from '../dialect.ts';
import { areObjects, isObject } from '../wire/is-object.ts';
import { TextDigest } from '../wire/text-digest.ts';
import { isCount, isReason } from './openai-chat-chunk.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { noPart, parseEvent } from './parse-event.ts';
import { type SseFrame, sseSplitter } from './sse-splitter.ts';

interface AnthropicUsage {
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly cache_creation_input_tokens?: unknown;
  readonly cache_read_input_tokens?: unknown;
}

interface StreamEvent {
  readonly type?: unknown;
  readonly message?: { readonly usage?: AnthropicUsage };
  readonly delta?: {
    readonly text?: unknown;
    readonly stop_reason?: unknown;
    readonly partial_json?: unknown;
    readonly thinking?: unknown;
  };
  readonly usage?: AnthropicUsage;
}

/** Reads a Messages stream of an upstream that speaks it: the bytes go on as they came. */
export class AnthropicStreamReader implements StreamReader {
  readonly #split = sseSplitter();
  readonly #text = new TextDigest();
  #counted = 0;
  #stopReason: string | null = null;
  #usage: AnthropicUsage = {};
  /** What is counted at the start is a placeholder. */
  #isCounted = false;
  #isStopping = false;

  feed(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    for (const frame of this.#split(chunk)) frames.push({ kind: this.#read(frame), bytes: frame.bytes });
    return frames;
  }

  finish(): readonly Frame[] | null {
    return this.#stopReason === null ? null : [];
  }

  summary(): AnswerSummary {
    const usage = readAnthropicUsage(this.#usage);
    const summary = {
      textDigests: [this.#text.hex()],
      finishReason: this.#stopReason,
      usage: this.#isCounted ? usage : null,
      counted: this.#counted,
    };
    // The prompt was counted before the first word, and a client may leave after it.
    return usage === null || this.#isCounted ? summary : { ...summary, promptTokens: usage.promptTokens };
  }

  #read(frame: SseFrame): FrameKind {
    const event: StreamEvent | null = parseEvent(frame);
    if (event === null) return 'error';
    if (typeof event.type !== 'string') throw noPart();
    if (event.type === 'message_start') this.#usage = countsOf(event.message?.usage);
    else if (event.type === 'content_block_delta') this.#readDelta(event.delta);
    else if (event.type === 'message_delta') {
      // From here on everything waits for the record: a client may stop reading once it knows why the answer ended.
      this.#isStopping = true;
      const reason = event.delta?.stop_reason;
      if (isReason(reason)) this.#stopReason = reason;
      const counts = countsOf(event.usage);
      this.#usage = { ...this.#usage, ...counts };
      if (counts.output_tokens !== undefined) this.#isCounted = true;
    } else if (event.type === 'message_stop') this.#isStopping = true;
    return this.#isStopping ? 'final' : 'part';
  }

  #readDelta(delta: StreamEvent['delta']): void {
    if (!isObject(delta)) throw noPart();
    this.#counted++;
    if (typeof delta?.text === 'string') this.#text.add(delta.text);
  }
}

/** The last event counts all over again what it counts, and leaves the rest null. */
function countsOf(usage: unknown): AnthropicUsage {
  return isObject(usage) ? Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== null)) : {};
}

/** What was read from or written to the provider's prompt cache is input too. */
function readAnthropicUsage(usage: AnthropicUsage | undefined): Usage | null {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage ?? {};
  if (!isCount(input_tokens) || !isCount(output_tokens)) return null;
  const cached = [cache_creation_input_tokens, cache_read_input_tokens].filter(isCount);
  return { promptTokens: cached.reduce((sum, count) => sum + count, input_tokens), completionTokens: output_tokens };
}

/** Null when the bytes are no message, or one that was cut. */
export function readWholeMessage(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseWhole(bytes);
  if (answer?.type !== 'message' || !areObjects(answer.content) || !isReason(answer.stop_reason)) return null;
  const text = answer.content
    .map((block) => (block.type === 'text' && typeof block.text === 'string' ? block.text : ''))
    .join('');
  const summary = {
    textDigests: [sha256Hex(text)],
    finishReason: answer.stop_reason,
    usage: readAnthropicUsage(answer.usage as AnthropicUsage | undefined),
    counted: Math.ceil(JSON.stringify(answer.content).length / 4),
  };
  return { summary, bytes, mediaType };
}
