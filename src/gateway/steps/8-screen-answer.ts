import { createHash } from 'node:crypto';
import { Problem, sha256 } from '../../kit/index.ts';
import type { AnswerSummary, Frame } from '../dialect.ts';
import type { PathParts } from '../parts.ts';
import { type CallFailure, failureOfFlow } from '../upstream-failure.ts';
import type { Answering } from './7-call-model.ts';

declare const screened: unique symbol;

/** The answer is whole or broken; its last bytes are still here. */
export interface Screened extends Omit<Answering, 'kind'> {
  readonly [screened]: true;
  readonly kind: 'screened';
  readonly summary: AnswerSummary;
  /** What goes out once the outcome is durable: the last frames, or the whole body. Empty when broken. */
  readonly held: Uint8Array;
  /** SHA-256 of all bytes that the client gets, the held ones included. */
  readonly wireDigest: Uint8Array;
  readonly sentBytes: number;
  /** Null when the answer is whole. */
  readonly failure: CallFailure | null;
}

type Ending = Pick<Screened, 'summary' | 'held' | 'wireDigest' | 'sentBytes' | 'failure'>;

/**
 * Step 8: reads the answer as it flows, passes on what may go, keeps back the end.
 * If we die here: the client saw a part without an end; the ledger closes the intent as unfinished.
 */
export async function screenAnswer(state: Answering, parts: Pick<PathParts, 'bounds'>): Promise<Screened> {
  const ending = state.reader === null ? await takeWhole(state, parts.bounds.answerBytesMax) : await passStream(state);
  return Object.assign(state, { kind: 'screened', ...ending }) as unknown as Screened;
}

async function takeWhole(state: Answering, bytesMax: number): Promise<Ending> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let item = await state.flow.next();
  for (; item.kind === 'data' && length <= bytesMax; item = await state.flow.next()) {
    chunks.push(item.chunk);
    length += item.chunk.length;
  }
  const held = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, length);
  const isWhole = item.kind === 'end' && length <= bytesMax;
  const summary = isWhole ? state.exchange.dialect.readWhole(held) : null;
  if (summary !== null) return { summary, held, wireDigest: sha256(held), sentBytes: 0, failure: null };
  state.flow.abort();
  const garbage = { kind: 'failure', failure: { kind: 'garbage', reason: 'no whole answer' } } as const;
  const failure = failureOfFlow(item.kind === 'failure' || item.kind === 'left' ? item : garbage);
  return { summary: nothingSaid, held: new Uint8Array(), wireDigest: sha256(''), sentBytes: 0, failure };
}

const nothingSaid: AnswerSummary = { texts: [], finishReason: null, usage: null, deltas: 0 };

/** What a stream has let go so far. */
class StreamPassage {
  readonly hash = createHash('sha256');
  readonly held: Uint8Array[] = [];
  sentBytes = 0;
  sawError = false;

  /** Sorts frames: returns what may go out now, as one piece, so that a burst is one write. */
  take(frames: readonly Frame[]): Uint8Array | null {
    const now: Uint8Array[] = [];
    for (const { kind, bytes } of frames) {
      if (kind === 'error') this.sawError = true;
      if (this.sawError || kind === 'withheld') continue;
      if (kind === 'final') this.held.push(bytes);
      else now.push(bytes);
    }
    if (now.length === 0) return null;
    const piece = now.length === 1 ? (now[0] as Uint8Array) : Buffer.concat(now);
    this.hash.update(piece);
    this.sentBytes += piece.length;
    return piece;
  }
}

async function passStream(state: Answering): Promise<Ending> {
  const { response, headers } = state.exchange;
  const passage = new StreamPassage();
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  const failure = await passFrames(state, passage);
  const summary = state.reader?.summary() ?? nothingSaid;
  const held = failure === null ? Buffer.concat(passage.held) : new Uint8Array();
  const wireDigest = passage.hash.update(held).digest();
  return { summary, held, wireDigest, sentBytes: passage.sentBytes, failure };
}

async function passFrames(state: Answering, passage: StreamPassage): Promise<CallFailure | null> {
  const { flow, exchange } = state;
  let frames: readonly Frame[] | null = state.firstFrames;
  while (frames !== null) {
    const piece = passage.take(frames);
    if (passage.sawError) return brokenStream(state, 'the upstream sent an error in its stream');
    if (piece !== null && !exchange.response.write(piece)) await drained(exchange.response);
    const item = await flow.next();
    if (item.kind === 'end') return endOfStream(state);
    if (item.kind === 'failure' || item.kind === 'left') return failureOfFlow(item);
    frames = item.kind === 'data' ? readFrames(state, item.chunk) : [];
  }
  return brokenStream(state, 'the upstream sent something that is no stream');
}

/** A clean close without the dialect's own end is a truncation. */
function endOfStream(state: Answering): CallFailure | null {
  return state.reader?.isComplete() ? null : brokenStream(state, 'the stream ended without its end');
}

/** Null when the bytes are no frames of this dialect. */
function readFrames(state: Answering, chunk: Uint8Array): readonly Frame[] | null {
  try {
    return state.reader?.feed(chunk) ?? [];
  } catch (cause) {
    if (cause instanceof Problem) return null;
    throw cause;
  }
}

/** A slow reader holds back the upstream, not our memory; one that leaves ends the wait. */
function drained(response: Answering['exchange']['response']): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

function brokenStream(state: Answering, reason: string): CallFailure {
  state.flow.abort();
  return failureOfFlow({ kind: 'failure', failure: { kind: 'cut', reason } });
}
