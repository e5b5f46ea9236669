import { AnswerFlow, type FlowEnd } from '../answer-flow.ts';
import type { Frame, StreamReader } from '../dialect.ts';
import type { PathParts } from '../parts.ts';
import { type CallFailure, failureOfFlow, failureOfStatus, readErrorBody } from '../upstream-failure.ts';
import type { Recorded } from './6-record-intent.ts';

declare const answering: unique symbol;

/** The upstream has begun: a stream shows its first whole frame, a plain answer its headers. Nothing was sent to the client yet. */
export interface Answering extends Omit<Recorded, 'kind'> {
  readonly [answering]: true;
  readonly kind: 'answering';
  readonly flow: AnswerFlow;
  /** Null for a plain answer. */
  readonly reader: StreamReader | null;
  readonly firstFrames: readonly Frame[];
}

export interface Failed {
  readonly kind: 'failed';
  readonly state: Recorded;
  readonly failure: CallFailure;
}

/**
 * Step 7: sends the request to the one route that the intent names, and waits for the first sign of an answer.
 * If we die here: the intent stands, the ledger closes it as unfinished, and its money is settled at the maximum.
 */
export async function callModel(
  state: Recorded,
  parts: Pick<PathParts, 'bounds' | 'clock' | 'cut'>,
): Promise<Answering | Failed> {
  const { exchange, inForce, inquiry, route } = state;
  const { backend } = route.facts;
  const port = inForce.ports.get(backend.id);
  if (port === undefined) throw new Error(`backend ${backend.id} has no port`);
  const body = exchange.dialect.upstreamBody(inquiry, backend);
  const flow = new AnswerFlow(port, { path: exchange.dialect.upstreamPath, body, deadlineMs: parts.bounds.answerMs });
  const interrupt = () => flow.interrupt();
  parts.cut.addEventListener('abort', interrupt);
  exchange.response.once('close', () => {
    parts.cut.removeEventListener('abort', interrupt);
    flow.leave();
  });
  if (exchange.response.destroyed) flow.leave();
  const opening = await openAnswer(state, flow);
  exchange.event.firstByteMs = parts.clock.monotonicMs() - exchange.startedMs;
  if (opening.kind === 'failed') {
    flow.abort();
    return { kind: 'failed', state, failure: opening.failure };
  }
  const { reader, firstFrames } = opening;
  return Object.assign(state, { kind: 'answering', flow, reader, firstFrames }) as unknown as Answering;
}

type Opening =
  | { readonly kind: 'opened'; readonly reader: StreamReader | null; readonly firstFrames: readonly Frame[] }
  | { readonly kind: 'failed'; readonly failure: CallFailure };

async function openAnswer(state: Recorded, flow: AnswerFlow): Promise<Opening> {
  const isOwn = state.route.facts.backend.dialect !== 'openai';
  const item = await flow.next();
  if (item.kind === 'data') throw new Error('data before start');
  if (item.kind !== 'start') return { kind: 'failed', failure: failureOfFlow(item) };
  const { start } = item;
  if (start.status !== 200) {
    return { kind: 'failed', failure: failureOfStatus({ start, isOwn, error: await readErrorBody(flow) }) };
  }
  const expected = state.inquiry.stream ? 'text/event-stream' : 'application/json';
  if (start.contentType !== expected) {
    const reason = `the upstream sent ${start.contentType || 'no content-type'} instead of ${expected}`;
    return { kind: 'failed', failure: failureOfFlow({ kind: 'failure', failure: { kind: 'garbage', reason } }) };
  }
  if (!state.inquiry.stream) return { kind: 'opened', reader: null, firstFrames: [] };
  return await openStream(state, flow);
}

/** Headers are held until the first whole frame: an error inside a 200 is still a real status for the client. */
async function openStream(state: Recorded, flow: AnswerFlow): Promise<Opening> {
  const reader = state.exchange.dialect.streamReader(state.inquiry);
  for (;;) {
    const item = await flow.next();
    if (item.kind === 'start') continue;
    if (item.kind !== 'data') return { kind: 'failed', failure: failureOfFlow(endBeforeFirst(item)) };
    const frames = reader.feed(item.chunk);
    if (frames.some((frame) => frame.kind === 'error')) {
      const failure = { kind: 'garbage', reason: 'the upstream sent an error inside a 200' } as const;
      return { kind: 'failed', failure: failureOfFlow({ kind: 'failure', failure }) };
    }
    if (frames.length > 0) return { kind: 'opened', reader, firstFrames: frames };
  }
}

function endBeforeFirst(end: FlowEnd): FlowEnd {
  return end.kind === 'end' ? { kind: 'failure', failure: { kind: 'garbage', reason: 'the stream was empty' } } : end;
}
