import { Problem, sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, Frame, StreamReader } from '../dialect.ts';
import { advance } from '../path-state.ts';
import type { Verdict } from '../routing/backend-watch.ts';
import type { StreamOutlet } from '../stream-outlet.ts';
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
  /** SHA-256, hexadecimal, of all bytes that the client gets, the held ones included. */
  readonly wireDigest: string;
  readonly sentBytes: number;
  /** Null when the answer is whole. */
  readonly failure: CallFailure | null;
  /** What the answer says of the backend. */
  readonly verdict: Verdict;
}

type Ending = Pick<Screened, 'summary' | 'held' | 'wireDigest' | 'sentBytes' | 'failure' | 'mediaType'>;

/**
 * Step 8: reads the answer as it flows, passes on what may go, keeps back the end.
 * If we die here: the client saw a part without an end; the ledger closes the intent as unfinished.
 */
export async function screenAnswer(state: Answering): Promise<Screened> {
  const { asking, outlet } = state;
  const ending =
    asking.reader === null || outlet === null
      ? await takeWhole(state)
      : await passStream(state, { reader: asking.reader, outlet });
  const next = advance<Screened>(state);
  next.kind = 'screened';
  next.summary = ending.summary;
  next.held = ending.held;
  next.wireDigest = ending.wireDigest;
  next.sentBytes = ending.sentBytes;
  next.failure = ending.failure;
  next.mediaType = ending.mediaType;
  next.verdict = ending.failure?.verdict ?? { kind: 'well', firstByteMs: next.firstByteMs };
  return next;
}

/** Of a whole answer that is not streamed: an image in base64 is the largest. */
const ANSWER_BYTES_MAX = 64_000_000;

async function takeWhole(state: Answering): Promise<Ending> {
  const { flow, asking, mediaType } = state;
  const chunks: Uint8Array[] = [];
  let length = 0;
  let item = await flow.next();
  for (; item.kind === 'data' && length <= ANSWER_BYTES_MAX; item = await flow.next()) {
    chunks.push(item.chunk);
    length += item.chunk.length;
  }
  const bytes = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, length);
  const isWhole = item.kind === 'end' && length <= ANSWER_BYTES_MAX;
  const answer = isWhole ? asking.readWhole(bytes, mediaType) : null;
  if (answer !== null) {
    const { summary, bytes: held } = answer;
    return { summary, held, mediaType: answer.mediaType, wireDigest: sha256Hex(held), sentBytes: 0, failure: null };
  }
  flow.abort();
  const garbage = { kind: 'failure', failure: { kind: 'garbage', reason: 'no whole answer' } } as const;
  const failure = failureOfFlow(item.kind === 'failure' || item.kind === 'left' ? item : garbage);
  return { summary: nothingSaid, held: nothing, mediaType, wireDigest: sha256Hex(''), sentBytes: 0, failure };
}

const nothing = new Uint8Array();
const nothingSaid: AnswerSummary = { textDigests: [], finishReason: null, usage: null, counted: 0 };

interface Stream {
  readonly reader: StreamReader;
  readonly outlet: StreamOutlet;
}

async function passStream(state: Answering, stream: Stream): Promise<Ending> {
  const { reader, outlet } = stream;
  outlet.open(state.mediaType);
  const passage: Passage = { held: [], sawError: false };
  let failure = await passFrames(state, stream, passage);
  // A clean close without the dialect's own end is a truncation.
  const last = failure === null ? reader.finish() : [];
  if (last === null) failure = brokenStream(state, 'the stream ended without its end');
  const held = failure === null ? Buffer.concat([...passage.held, ...(last ?? []).map(({ bytes }) => bytes)]) : nothing;
  const { sentBytes } = outlet;
  return {
    summary: reader.summary(),
    held,
    mediaType: state.mediaType,
    wireDigest: outlet.close(held),
    sentBytes,
    failure,
  };
}

/** What a stream keeps back. */
interface Passage {
  readonly held: Uint8Array[];
  sawError: boolean;
}

async function passFrames(state: Answering, { reader, outlet }: Stream, passage: Passage): Promise<CallFailure | null> {
  const { flow } = state;
  let frames: readonly Frame[] | null = state.firstFrames;
  while (frames !== null) {
    const piece = sortFrames(frames, passage);
    if (passage.sawError) return brokenStream(state, 'the upstream sent an error in its stream');
    const drained = piece === null ? null : outlet.send(piece);
    if (drained !== null) await drained;
    const item = await flow.next();
    if (item.kind === 'end') return null;
    if (item.kind === 'failure' || item.kind === 'left') return failureOfFlow(item);
    frames = item.kind === 'data' ? readFrames(reader, item.chunk) : [];
  }
  return brokenStream(state, 'the upstream sent something that is no stream');
}

/** What may go out now, as one piece, so that a burst is one write. */
function sortFrames(frames: readonly Frame[], passage: Passage): Uint8Array | null {
  const now: Uint8Array[] = [];
  for (const { kind, bytes } of frames) {
    if (kind === 'error') passage.sawError = true;
    if (passage.sawError || kind === 'withheld') continue;
    if (kind === 'final') passage.held.push(bytes);
    else now.push(bytes);
  }
  if (now.length === 0) return null;
  return now.length === 1 ? (now[0] as Uint8Array) : Buffer.concat(now);
}

/** Null when the bytes are no frames of this dialect. */
function readFrames(reader: StreamReader, chunk: Uint8Array): readonly Frame[] | null {
  try {
    return reader.feed(chunk);
  } catch (cause) {
    if (cause instanceof Problem) return null;
    throw cause;
  }
}

function brokenStream(state: Answering, reason: string): CallFailure {
  state.flow.abort();
  return failureOfFlow({ kind: 'failure', failure: { kind: 'cut', reason } });
}
