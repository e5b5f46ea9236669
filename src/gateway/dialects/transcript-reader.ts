/** Streams of a transcript: OpenAI's events go on as they came, chunks of chats (vLLM) are put in the words of those events. */
import { sha256Hex, utf8 } from '../../kit/index.ts';
import type { Frame, StreamReader, Usage } from '../dialect.ts';
import { mustEnd } from '../wire/text-digest.ts';
import { eventReader } from './event-reader.ts';
import { isCount, isReason, parseChunk, readUsage } from './openai-chat-chunk.ts';
import { parseEvent } from './parse-event.ts';
import { type SseFrame, sseSplitter } from './sse-splitter.ts';

/** The first event says which of the two it is. */
export function transcriptReader(): StreamReader {
  const split = sseSplitter();
  let reader: StreamReader | null = null;
  const read = (frame: SseFrame): readonly Frame[] => {
    reader ??= isChunk(frame) ? chunkReader() : transcriptEvents();
    return reader.feed(frame.bytes);
  };
  const nothing = { textDigests: [], finishReason: null, usage: null, counted: 0 };
  return {
    feed: (bytes) => split(bytes).flatMap(read),
    finish: () => reader?.finish() ?? null,
    summary: () => reader?.summary() ?? nothing,
  };
}

function isChunk(frame: SseFrame): boolean {
  return frame.data !== '[DONE]' && Array.isArray(parseEvent(frame)?.choices);
}

interface TranscriptUsage {
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
}

export function readTranscriptUsage(usage: unknown): Usage | null {
  const { input_tokens, output_tokens } = (usage ?? {}) as TranscriptUsage;
  return isCount(input_tokens) && isCount(output_tokens)
    ? { promptTokens: input_tokens, completionTokens: output_tokens }
    : null;
}

function transcriptEvents(): StreamReader {
  return eventReader({
    last: 'transcript.text.done',
    note: (event, notes) => {
      if (event.type === 'transcript.text.delta' && typeof event.delta === 'string') notes.text += event.delta;
      if (event.type !== 'transcript.text.done') return;
      if (typeof event.text === 'string') notes.text = event.text;
      notes.usage = readTranscriptUsage(event.usage);
    },
    count: ({ text }) => countTokens(text),
  });
}

const countTokens = (text: string) => Math.ceil(text.length / 4);

/** A long recording is read in pieces, and each of them ends with a reason: the last chunk decides whether all is said. */
function chunkReader(): StreamReader {
  const split = sseSplitter();
  const said: { text: string; usage: Usage | null; finishReason: string | null } = {
    text: '',
    usage: null,
    finishReason: null,
  };
  const read = (frame: SseFrame): readonly Frame[] => {
    if (frame.data === '[DONE]') return [];
    const chunk = parseChunk(frame);
    if (chunk === null) return [{ kind: 'error', bytes: new Uint8Array() }];
    said.usage = readUsage(chunk.usage) ?? said.usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) return [];
    said.finishReason = isReason(choice.finish_reason) ? choice.finish_reason : null;
    const delta = choice.delta?.content;
    if (typeof delta !== 'string' || delta === '') return [];
    said.text += delta;
    mustEnd(said.text.length);
    return [frameOf('part', { type: 'transcript.text.delta', delta })];
  };
  return {
    feed: (bytes) => split(bytes).flatMap(read),
    finish: () => (said.finishReason === null ? null : [frameOf('final', doneEvent(said.text, said.usage))]),
    summary: () => ({
      textDigests: [sha256Hex(said.text)],
      finishReason: said.finishReason,
      usage: said.usage,
      counted: countTokens(said.text),
    }),
  };
}

function doneEvent(text: string, usage: Usage | null): object {
  const done = { type: 'transcript.text.done', text };
  if (usage === null) return done;
  const { promptTokens: input_tokens, completionTokens: output_tokens } = usage;
  return {
    ...done,
    usage: { type: 'tokens', input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
  };
}

function frameOf(kind: Frame['kind'], event: object): Frame {
  return { kind, bytes: utf8(`data: ${JSON.stringify(event)}\n\n`) };
}
