import { Problem, sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, Frame, FrameKind, StreamReader, Usage, WholeAnswer } from '../dialect.ts';
import { TextDigest } from '../wire/text-digest.ts';
import { isCount } from './openai-chat-chunk.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { sseSplitter } from './sse-splitter.ts';

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
  #isStopping = false;

  feed(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    for (const { bytes, data } of this.#split(chunk))
      frames.push({ kind: data === null ? this.#held() : this.#read(data), bytes });
    return frames;
  }

  finish(): readonly Frame[] | null {
    return this.#stopReason === null ? null : [];
  }

  summary(): AnswerSummary {
    return {
      textDigests: [this.#text.hex()],
      finishReason: this.#stopReason,
      usage: readAnthropicUsage(this.#usage),
      counted: this.#counted,
    };
  }

  #held(): FrameKind {
    return this.#isStopping ? 'final' : 'part';
  }

  #read(data: string): FrameKind {
    const event = parseEvent(data);
    if (event.type === 'error') return 'error';
    if (event.type === 'message_start') this.#usage = { ...event.message?.usage };
    else if (event.type === 'content_block_delta') this.#readDelta(event.delta);
    else if (event.type === 'message_delta') {
      // From here on everything waits for the record: a client may stop reading once it knows why the answer ended.
      this.#isStopping = true;
      const reason = event.delta?.stop_reason;
      if (typeof reason === 'string') this.#stopReason = reason;
      this.#usage = { ...this.#usage, ...countsOf(event.usage) };
    } else if (event.type === 'message_stop') this.#isStopping = true;
    return this.#held();
  }

  #readDelta(delta: StreamEvent['delta']): void {
    this.#counted++;
    if (typeof delta?.text === 'string') this.#text.add(delta.text);
  }
}

function parseEvent(data: string): StreamEvent {
  try {
    const event = JSON.parse(data);
    if (event !== null && typeof event === 'object') return event;
  } catch {
    // Falls through: whatever it is, it is no event.
  }
  throw new Problem('upstream-failed', 'the model sent something that is no part of an answer');
}

/** The last event counts all over again what it counts, and leaves the rest null. */
function countsOf(usage: AnthropicUsage | null | undefined): AnthropicUsage {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, count]) => count !== null));
}

/** What was read from or written to the provider's prompt cache is input too. */
function readAnthropicUsage(usage: AnthropicUsage | undefined): Usage | null {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage ?? {};
  if (!isCount(input_tokens) || !isCount(output_tokens)) return null;
  const cached = [cache_creation_input_tokens, cache_read_input_tokens].filter(isCount);
  return { promptTokens: cached.reduce((sum, count) => sum + count, input_tokens), completionTokens: output_tokens };
}

/** Null when the bytes are no message. */
export function readWholeMessage(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseWhole(bytes);
  if (answer?.type !== 'message' || !Array.isArray(answer.content)) return null;
  const blocks = answer.content as readonly { readonly type?: unknown; readonly text?: unknown }[];
  const text = blocks
    .map((block) => (block.type === 'text' && typeof block.text === 'string' ? block.text : ''))
    .join('');
  const summary = {
    textDigests: [sha256Hex(text)],
    finishReason: typeof answer.stop_reason === 'string' ? answer.stop_reason : null,
    usage: readAnthropicUsage(answer.usage as AnthropicUsage | undefined),
    counted: Math.ceil(JSON.stringify(answer.content).length / 4),
  };
  return { summary, bytes, mediaType };
}
