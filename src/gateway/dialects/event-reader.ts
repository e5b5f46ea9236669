import { sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, Frame, FrameKind, StreamReader, Usage } from '../dialect.ts';
import { mustEnd } from '../wire/text-digest.ts';
import { parseEvent } from './parse-event.ts';
import { type SseFrame, sseSplitter } from './sse-splitter.ts';

export interface StreamEvent {
  readonly type?: unknown;
  readonly usage?: unknown;
  readonly delta?: unknown;
  readonly text?: unknown;
}

/** What was learned of a stream of typed events so far. */
export interface EventNotes {
  text: string;
  usage: Usage | null;
}

export interface EventDialect {
  /** Type of the event that ends the answer: it and everything behind it waits for the record. */
  readonly last: string;
  note(event: StreamEvent, notes: EventNotes): void;
  /** Our own count of what was generated, for when there is no usage. */
  count(notes: EventNotes): number;
}

/** Reads a stream of typed events whose bytes go on as they came: recordings, speech, pictures. */
export function eventReader(own: EventDialect): StreamReader {
  const split = sseSplitter();
  const notes: EventNotes = { text: '', usage: null };
  let isWhole = false;
  const read = (frame: SseFrame): FrameKind => {
    if (frame.data !== '[DONE]') {
      const event: StreamEvent | null = parseEvent(frame);
      if (event === null) return 'error';
      own.note(event, notes);
      mustEnd(notes.text.length);
      if (event.type === own.last) isWhole = true;
    }
    return isWhole ? 'final' : 'part';
  };
  return {
    feed: (bytes) => split(bytes).map((frame): Frame => ({ kind: read(frame), bytes: frame.bytes })),
    finish: () => (isWhole ? [] : null),
    summary: (): AnswerSummary => {
      const textDigests = notes.text === '' ? [] : [sha256Hex(notes.text)];
      return { textDigests, finishReason: isWhole ? 'stop' : null, usage: notes.usage, counted: own.count(notes) };
    },
  };
}
