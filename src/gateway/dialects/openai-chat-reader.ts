import type { AnswerSummary, Frame, FrameKind, StreamReader } from '../dialect.ts';
import { ChatTally, parseChunk, readUsage } from './openai-chat-chunk.ts';
import { sseSplitter } from './sse-splitter.ts';

export interface ChatStreamWish {
  readonly choices: number;
  /** Whether the client wants to see the usage. */
  readonly wantsUsage: boolean;
  onText?(delta: string): void;
}

/** Reads a chat stream frame by frame: what goes on, what waits for the record, what the answer said. */
export function chatReader(wish: ChatStreamWish): StreamReader {
  return new ChatStreamReader(wish);
}

class ChatStreamReader implements StreamReader {
  readonly #wish: ChatStreamWish;
  readonly #split = sseSplitter();
  readonly #tally: ChatTally;

  constructor(wish: ChatStreamWish) {
    this.#wish = wish;
    this.#tally = new ChatTally(wish.choices, wish.onText);
  }

  feed(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    for (const { bytes, data } of this.#split(chunk)) {
      frames.push({ kind: data === null ? this.#held() : this.#read(data), bytes });
    }
    return frames;
  }

  /** An end without the reason of the end is a truncation, whatever marker the upstream sent. */
  finish(): readonly Frame[] | null {
    return this.#tally.isWhole ? [] : null;
  }

  summary(): AnswerSummary {
    return this.#tally.summary();
  }

  /** From the frame that finishes the last choice on, everything waits: a client may stop reading there. */
  #held(): FrameKind {
    return this.#tally.hasEnded ? 'final' : 'part';
  }

  #read(data: string): FrameKind {
    if (data === '[DONE]') return 'final';
    const chunk = parseChunk(data);
    if (chunk.error) return 'error';
    this.#tally.add(chunk);
    const isUsageAlone = (chunk.choices ?? []).length === 0 && readUsage(chunk.usage) !== null;
    return isUsageAlone && !this.#wish.wantsUsage ? 'withheld' : this.#held();
  }
}
