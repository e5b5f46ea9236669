import type { Backend } from '../../charter/schema.ts';
import type { ModelPort } from '../../inference/ports.ts';
import { Problem } from '../../kit/index.ts';
import { AnswerFlow, type FlowEnd } from '../answer-flow.ts';
import type { Asking, Frame, Inquiry } from '../dialect.ts';
import { listDropped } from '../list-dropped.ts';
import type { PathParts } from '../parts.ts';
import { advance } from '../path-state.ts';
import type { Verdict } from '../routing/backend-watch.ts';
import { StreamOutlet } from '../stream-outlet.ts';
import {
  type CallFailure,
  failureOfAbsence,
  failureOfAsking,
  failureOfFault,
  failureOfFlow,
} from '../upstream-failure.ts';
import { failureOfStatus, readErrorBody } from '../upstream-status.ts';
import type { Recorded } from './6-record-intent.ts';

declare const answering: unique symbol;

/** The upstream has begun: a stream shows its first whole frame, a plain answer its headers. Nothing of it was sent to the client yet. */
export interface Answering extends Omit<Recorded, 'kind'> {
  readonly [answering]: true;
  readonly kind: 'answering';
  readonly flow: AnswerFlow;
  readonly asking: Asking;
  /** Null for a plain answer. */
  readonly outlet: StreamOutlet | null;
  /** Of the upstream's answer. */
  readonly mediaType: string;
  readonly firstFrames: readonly Frame[];
  /** From the call to the first sign of an answer, milliseconds. */
  readonly firstByteMs: number;
}

export interface Failed {
  readonly kind: 'failed';
  readonly state: Recorded;
  readonly failure: CallFailure;
  /** What the failure says of the backend. */
  readonly verdict: Verdict;
}

/**
 * Step 7: sends the request to the one route that the intent names, and waits for the first sign of an answer.
 * If we die here: the intent stands, the ledger closes it as unfinished, and its money is settled at the maximum.
 */
export async function callModel(
  state: Recorded,
  parts: Pick<PathParts, 'clock' | 'cut' | 'flows' | 'timers'>,
): Promise<Answering | Failed> {
  const { exchange, inForce, inquiry, route } = state;
  const { backend } = route.facts;
  if (exchange.response.destroyed) return failedBy(failureOfAbsence(), state);
  const asking = putTo(backend, inquiry);
  if (asking instanceof Problem) return failedBy(failureOfAsking(asking), state);
  const port = asking.local === undefined ? inForce.ports.get(backend.id) : answerHere(asking.local);
  if (port === undefined) throw new Error(`backend ${backend.id} has no port`);
  if (asking.answerHeaders !== undefined) exchange.headers.setAll(asking.answerHeaders);
  const dropped = namesDropped(exchange, asking);
  if (dropped.length > 0) exchange.headers.set('x-polity-dropped', listDropped(dropped));
  // What the attempt before dropped says nothing of this one.
  else if (state.attempt.number > 1) exchange.headers.drop('x-polity-dropped');
  const { path, body, headers } = asking;
  const deadlineMs = inForce.charter.country.bounds.answerMs;
  const flow = new AnswerFlow(port, { path, body, deadlineMs, ...(headers === undefined ? {} : { headers }) });
  parts.flows.add(flow);
  exchange.response.once('close', () => {
    parts.flows.delete(flow);
    flow.leave();
  });
  if (parts.cut.aborted) flow.interrupt();
  const outlet = asking.reader === null ? null : new StreamOutlet(exchange, parts.timers, asking.isFile === true);
  const opening = await openAnswer(state, { flow, asking, timers: parts.timers });
  const nowMs = parts.clock.monotonicMs();
  exchange.event.firstByteMs = nowMs - exchange.startedMs;
  if (opening.kind === 'failed') {
    flow.abort();
    outlet?.stop();
    return failedBy(opening.failure, state);
  }
  const next = advance<Answering>(state);
  next.kind = 'answering';
  next.flow = flow;
  next.asking = asking;
  next.outlet = outlet;
  next.mediaType = opening.mediaType;
  next.firstFrames = opening.firstFrames;
  next.firstByteMs = nowMs - state.calledMs;
  return next;
}

function failedBy(failure: CallFailure, state: Recorded): Failed {
  return { kind: 'failed', state, failure, verdict: failure.verdict };
}

/** What this backend is sent, or why the request cannot be put to it. */
function putTo(backend: Backend, inquiry: Inquiry): Asking | Problem {
  try {
    return inquiry.ask(backend);
  } catch (cause) {
    if (cause instanceof Problem) return cause;
    throw cause;
  }
}

/** What nobody needs to be asked for takes the same way as everything else. */
function answerHere(bytes: Uint8Array): Pick<ModelPort, 'call'> {
  return {
    call(_call, events) {
      queueMicrotask(() => {
        events.onStart({ status: 200, contentType: 'application/json' });
        events.onData(bytes);
        events.onEnd();
      });
      return { abort() {}, pause() {}, resume() {} };
    },
  };
}

type Opening =
  | { readonly kind: 'opened'; readonly mediaType: string; readonly firstFrames: readonly Frame[] }
  | { readonly kind: 'failed'; readonly failure: CallFailure };

/** Also wishes in headers: no backend gets the headers of a client, and no answer is kept to be given a second time. */
function namesDropped({ dialect, request }: Recorded['exchange'], { dropped }: Asking): readonly string[] {
  const { 'anthropic-beta': beta, 'idempotency-key': requestKey } = request.headers;
  const asksBeta = beta !== undefined && dialect.family === 'anthropic';
  if (!asksBeta && requestKey === undefined) return dropped;
  return [
    ...dropped,
    ...(asksBeta ? ['anthropic-beta'] : []),
    ...(requestKey === undefined ? [] : ['idempotency-key']),
  ];
}

interface Call {
  readonly flow: AnswerFlow;
  readonly asking: Asking;
  readonly timers: PathParts['timers'];
}

async function openAnswer(state: Recorded, call: Call): Promise<Opening> {
  try {
    return await readStart(state, call);
  } catch (cause) {
    // Bytes that are no frames say as much of the backend as any other garbage; the rest is a bug of ours.
    return { kind: 'failed', failure: cause instanceof Problem ? garbage(cause.detail) : failureOfFault(cause) };
  }
}

function garbage(reason: string): CallFailure {
  return failureOfFlow({ kind: 'failure', failure: { kind: 'garbage', reason } });
}

async function readStart(state: Recorded, { flow, asking, timers }: Call): Promise<Opening> {
  const { dialect } = state.route.facts.backend;
  const item = await flow.next();
  if (item.kind === 'data') throw new Error('data before start');
  if (item.kind !== 'start') return { kind: 'failed', failure: failureOfFlow(item) };
  const { start } = item;
  if (start.status !== 200) {
    const isOwn = dialect === 'embedded' || dialect === 'retrieval';
    const isNative = dialect === 'anthropic' && state.exchange.dialect.family === 'anthropic';
    const error = await readErrorBody(flow, timers);
    return { kind: 'failed', failure: failureOfStatus({ start, isOwn, isNative, error }) };
  }
  const { contentType: mediaType } = start;
  if (!asking.accepts(mediaType)) {
    const reason = `the upstream sent ${mediaType || 'no content-type'}, which is no answer to this request`;
    return { kind: 'failed', failure: garbage(reason) };
  }
  if (asking.reader === null) return { kind: 'opened', mediaType, firstFrames: [] };
  return await openStream(asking.reader, { flow, mediaType });
}

/** Headers are held until the first whole frame: an error inside a 200 is still a real status for the client. */
async function openStream(
  reader: NonNullable<Asking['reader']>,
  { flow, mediaType }: { flow: AnswerFlow; mediaType: string },
): Promise<Opening> {
  for (;;) {
    const item = await flow.next();
    if (item.kind === 'start') continue;
    if (item.kind !== 'data') return { kind: 'failed', failure: failureOfFlow(endBeforeFirst(item)) };
    const frames = reader.feed(item.chunk);
    if (frames.some((frame) => frame.kind === 'error')) {
      return { kind: 'failed', failure: garbage('the upstream sent an error inside a 200') };
    }
    if (frames.length > 0) return { kind: 'opened', mediaType, firstFrames: frames };
  }
}

function endBeforeFirst(end: FlowEnd): FlowEnd {
  return end.kind === 'end' ? { kind: 'failure', failure: { kind: 'garbage', reason: 'the stream was empty' } } : end;
}
