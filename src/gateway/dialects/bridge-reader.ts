import { utf8 } from '../../kit/index.ts';
import type { AnswerSummary, Frame, StreamReader } from '../dialect.ts';
import { type ChatChunk, ChatTally, parseChunk } from './openai-chat-chunk.ts';
import { sseSplitter } from './sse-splitter.ts';

/** Writes a chat stream in the words of another dialect, event by event. */
export interface StreamWriter {
  /** Events of a piece of the answer; none when it says nothing to this dialect. */
  write(chunk: ChatChunk): readonly string[];
  /** The last events, once the answer is whole. */
  end(summary: AnswerSummary, usage: unknown): readonly string[];
}

/** Reads a chat stream and gives frames of another dialect. Its last events wait for the record. */
export function bridgeReader(writer: StreamWriter): StreamReader {
  const split = sseSplitter();
  const tally = new ChatTally(1);
  let usage: unknown = null;
  return {
    feed(bytes) {
      const frames: Frame[] = [];
      for (const frame of split(bytes)) {
        if (frame.data === '[DONE]') continue;
        const chunk = parseChunk(frame);
        if (chunk === null) return [...frames, { kind: 'error', bytes: new Uint8Array() }];
        tally.add(chunk);
        if (chunk.usage) usage = chunk.usage;
        // A chunk that only ends says nothing in any dialect.
        if (chunk.choices?.[0]?.delta === null) continue;
        for (const event of writer.write(chunk)) frames.push({ kind: 'part', bytes: utf8(event) });
      }
      return frames;
    },
    finish() {
      if (!tally.isWhole) return null;
      return writer.end(tally.summary(), usage).map((event): Frame => ({ kind: 'final', bytes: utf8(event) }));
    },
    summary: () => tally.summary(),
  };
}
