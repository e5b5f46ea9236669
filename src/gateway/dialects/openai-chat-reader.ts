import type { AnswerSummary, Frame, FrameKind, StreamReader } from '../dialect.ts';
import { ChatTally, isHidden, parseChunk } from './openai-chat-chunk.ts';
import { type SseFrame, sseSplitter } from './sse-splitter.ts';

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
    for (const frame of this.#split(chunk)) frames.push({ kind: this.#read(frame), bytes: frame.bytes });
    return frames;
  }

  /** An end without the reason of the end is a truncation, whatever marker the upstream sent. */
  finish(): readonly Frame[] | null {
    return this.#tally.isWhole ? [] : null;
  }

  summary(): AnswerSummary {
    return this.#tally.summary();
  }

  #read(frame: SseFrame): FrameKind {
    if (frame.data === '[DONE]') return 'final';
    const chunk = parseChunk(frame);
    if (chunk === null) return 'error';
    this.#tally.add(chunk);
    if (isHidden(chunk, this.#wish.wantsUsage)) return 'withheld';
    // From the frame that finishes the last choice on, everything waits: a client may stop reading there.
    return this.#tally.hasEnded ? 'final' : 'part';
  }
}
