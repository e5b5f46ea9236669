import { Problem, sha256Hex } from '../../kit/index.ts';
import type { AnswerSummary, Frame, StreamReader } from '../dialect.ts';
import { advance } from '../path-state.ts';
import type { Verdict } from '../routing/backend-watch.ts';
import type { StreamOutlet } from '../stream-outlet.ts';
import { type CallFailure, failureOfFault, failureOfFlow } from '../upstream-failure.ts';
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
  const ending = await endingOf(state);
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

async function endingOf(state: Answering): Promise<Ending> {
  const { asking, outlet } = state;
  if (asking.reader === null || outlet === null) return await takeWhole(state);
  try {
    return await passStream(state, { reader: asking.reader, outlet });
  } catch (cause) {
    // Its timer would write behind the end of the answer.
    outlet.stop();
    throw cause;
  }
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
  const passage: Passage = { held: [], heldBytes: 0, sawError: false };
  let failure = await passFrames(state, stream, passage);
  const last = failure === null ? readLast(state, reader) : [];
  if ('problem' in last) failure = last;
  else for (const { bytes } of last) passage.held.push(bytes);
  const held = failure === null ? Buffer.concat(passage.held) : nothing;
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
  heldBytes: number;
  sawError: boolean;
}

/** An end is a few frames. That of Responses repeats what was sent, four times and in fewer words. */
const END_BYTES_MAX = 1_000_000;
const END_PER_SENT = 4;

async function passFrames(state: Answering, { reader, outlet }: Stream, passage: Passage): Promise<CallFailure | null> {
  const { flow } = state;
  let frames: readonly Frame[] | CallFailure = state.firstFrames;
  while (!('problem' in frames)) {
    const piece = sortFrames(frames, passage);
    if (passage.sawError) return brokenStream(state, 'the upstream sent an error in its stream');
    if (passage.heldBytes > END_BYTES_MAX + END_PER_SENT * outlet.sentBytes)
      return brokenStream(state, 'the upstream does not end behind its end');
    const drained = piece === null ? null : outlet.send(piece);
    if (drained !== null) await drained;
    const item = await flow.next();
    if (item.kind === 'end') return null;
    if (item.kind === 'failure' || item.kind === 'left') return failureOfFlow(item);
    frames = item.kind === 'data' ? readFrames(state, reader, item.chunk) : [];
  }
  return frames;
}

/** What may go out now, as one piece, so that a burst is one write. */
function sortFrames(frames: readonly Frame[], passage: Passage): Uint8Array | null {
  const now: Uint8Array[] = [];
  for (const { kind, bytes } of frames) {
    if (kind === 'error') passage.sawError = true;
    if (passage.sawError || kind === 'withheld') continue;
    if (kind !== 'final') {
      now.push(bytes);
      continue;
    }
    passage.held.push(bytes);
    passage.heldBytes += bytes.length;
  }
  if (now.length === 0) return null;
  return now.length === 1 ? (now[0] as Uint8Array) : Buffer.concat(now);
}

function readFrames(state: Answering, reader: StreamReader, chunk: Uint8Array): readonly Frame[] | CallFailure {
  try {
    return reader.feed(chunk);
  } catch (cause) {
    return faultyStream(state, cause);
  }
}

/** The frames behind the last byte. A clean close without the dialect's own end is a truncation. */
function readLast(state: Answering, reader: StreamReader): readonly Frame[] | CallFailure {
  try {
    return reader.finish() ?? brokenStream(state, 'the stream ended without its end');
  } catch (cause) {
    return faultyStream(state, cause);
  }
}

/** Bytes that are no frames of this dialect, or a bug of its reader: either way the client has a part already. */
function faultyStream(state: Answering, cause: unknown): CallFailure {
  if (cause instanceof Problem) return brokenStream(state, 'the upstream sent something that is no stream');
  state.flow.abort();
  return failureOfFault(cause);
}

function brokenStream(state: Answering, reason: string): CallFailure {
  state.flow.abort();
  return failureOfFlow({ kind: 'failure', failure: { kind: 'cut', reason } });
}
