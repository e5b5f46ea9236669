import { Problem } from '../../kit/index.ts';
import type { AnswerSummary, Frame, FrameKind, Inquiry, StreamReader, Usage } from '../dialect.ts';
import { sseSplitter } from './sse-splitter.ts';

/** An answer longer than this is no answer of a language model; memory stays bounded. Characters. */
const MAX_TEXT = 8_000_000;

interface ChatChunk {
  readonly choices?: readonly { index?: number; delta?: { content?: unknown }; finish_reason?: unknown }[];
  readonly usage?: unknown;
  readonly error?: unknown;
}

/** A count that a bill may rest on: a whole number that is not negative. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function readUsage(usage: unknown): Usage | null {
  if (usage === null || typeof usage !== 'object') return null;
  const { prompt_tokens, completion_tokens } = usage as { prompt_tokens?: unknown; completion_tokens?: unknown };
  if (!isCount(prompt_tokens) || !isCount(completion_tokens)) return null;
  return { promptTokens: prompt_tokens, completionTokens: completion_tokens };
}

/** Reads a chat stream frame by frame: what goes on, what waits for the record, what the answer said. */
class ChatStreamReader implements StreamReader {
  readonly #inquiry: Inquiry;
  readonly #split = sseSplitter();
  readonly #texts: string[] = [];
  #finished = 0;
  #finishReason: string | null = null;
  #usage: Usage | null = null;
  #deltas = 0;
  #length = 0;
  #done = false;

  constructor(inquiry: Inquiry) {
    this.#inquiry = inquiry;
  }

  feed(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    for (const { bytes, data } of this.#split(chunk)) {
      frames.push({ kind: data === null ? this.#held('part') : this.#read(data), bytes });
    }
    return frames;
  }

  isComplete(): boolean {
    return this.#done;
  }

  summary(): AnswerSummary {
    return {
      texts: Array.from(this.#texts, (text) => text ?? ''),
      finishReason: this.#finishReason,
      usage: this.#usage,
      deltas: this.#deltas,
    };
  }

  /** From the frame that finishes the last choice on, everything waits: a client may stop reading there. */
  #held(kind: FrameKind): FrameKind {
    return kind === 'part' && this.#finished >= this.#inquiry.choices ? 'final' : kind;
  }

  #read(data: string): FrameKind {
    if (data === '[DONE]') {
      this.#done = true;
      return 'final';
    }
    const chunk = parseChunk(data);
    if (chunk.error) return 'error';
    const choices = chunk.choices ?? [];
    for (const choice of choices) this.#readChoice(choice);
    const usage = readUsage(chunk.usage);
    if (usage) this.#usage = usage;
    if (usage && choices.length === 0 && !this.#inquiry.wantsUsage) return 'withheld';
    return this.#held('part');
  }

  #readChoice(choice: NonNullable<ChatChunk['choices']>[number]): void {
    const index = isCount(choice.index) && choice.index < this.#inquiry.choices ? choice.index : 0;
    const content = choice.delta?.content;
    if (typeof content === 'string' && content !== '') {
      this.#texts[index] = (this.#texts[index] ?? '') + content;
      this.#deltas++;
      this.#length += content.length;
      if (this.#length > MAX_TEXT) throw new Problem('upstream-failed', 'the answer of the model does not end');
    }
    if (typeof choice.finish_reason === 'string') {
      this.#finished++;
      this.#finishReason ??= choice.finish_reason;
    }
  }
}

function parseChunk(data: string): ChatChunk {
  try {
    const chunk = JSON.parse(data);
    if (chunk !== null && typeof chunk === 'object') return chunk;
  } catch {
    // Falls through: whatever it is, it is no chunk.
  }
  throw new Problem('upstream-failed', 'the model sent something that is no part of an answer');
}

export function chatStreamReader(inquiry: Inquiry): StreamReader {
  return new ChatStreamReader(inquiry);
}
