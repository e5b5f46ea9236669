import type { Backend } from '../../charter/schema.ts';
import type { CallNote, RequestEvent } from '../../gateway/index.ts';
import { Histogram, type Point } from './histogram.ts';
import { callInstruments, requestInstruments } from './instruments.ts';
import { callAttributes, errorOfCall, errorOfRequest, OWN_PROVIDER, operationOf } from './name-call.ts';

interface CallPoints {
  readonly duration: Point;
  readonly firstChunk: Point;
  readonly input: Point;
  readonly output: Point;
}

interface RequestPoints {
  readonly duration: Point;
  readonly firstToken: Point;
  readonly tokenTime: Point;
}

/** Kept look-ups; far more than a charter has. A charter that changes often must not fill the memory. */
const KEPT_MAX = 4_000;

/** Histograms by the conventions for generative AI. Labels come from the charter and the catalogue of problems alone. */
export function measureRequests() {
  const calls = openHistograms(callInstruments);
  const requests = openHistograms(requestInstruments);
  const knownCalls = new WeakMap<Backend, Map<string, CallPoints>>();
  const knownRequests = new Map<string, RequestPoints>();
  return {
    histograms: [...Object.values(calls), ...Object.values(requests)] as readonly Histogram[],
    noteCall(event: RequestEvent, call: CallNote): void {
      recordCall(callPoints(calls, knownCalls, { endpoint: event.endpoint, call }), event, call);
    },
    noteRequest(event: RequestEvent): void {
      recordRequest(requestPoints(requests, knownRequests, event), event);
    },
  };
}

function openHistograms<K extends string>(
  instruments: Record<K, ConstructorParameters<typeof Histogram>[0]>,
): Record<K, Histogram> {
  const entries = Object.entries(instruments) as [K, ConstructorParameters<typeof Histogram>[0]][];
  return Object.fromEntries(entries.map(([key, one]) => [key, new Histogram(one)])) as Record<K, Histogram>;
}

type CallHistograms = Record<keyof typeof callInstruments, Histogram>;
type RequestHistograms = Record<keyof typeof requestInstruments, Histogram>;

/** A backend is the same object as long as its charter is in force. */
function callPoints(
  histograms: CallHistograms,
  known: WeakMap<Backend, Map<string, CallPoints>>,
  { endpoint, call }: { endpoint: string; call: CallNote },
): CallPoints {
  const { backend } = call.route.facts;
  const ofBackend = known.get(backend) ?? new Map<string, CallPoints>();
  if (ofBackend.size === 0) known.set(backend, ofBackend);
  const error = errorOfCall(call);
  const key = error === null ? endpoint : `${endpoint} ${error}`;
  let points = ofBackend.get(key);
  if (points === undefined) {
    const attributes = callAttributes(endpoint, call);
    points = {
      duration: histograms.duration.open(error === null ? attributes : { ...attributes, 'error.type': error }),
      firstChunk: histograms.firstChunk.open(attributes),
      input: histograms.tokens.open({ ...attributes, 'gen_ai.token.type': 'input' }),
      output: histograms.tokens.open({ ...attributes, 'gen_ai.token.type': 'output' }),
    };
    ofBackend.set(key, points);
  }
  return points;
}

function recordCall(points: CallPoints, { stream }: RequestEvent, call: CallNote): void {
  points.duration.record((call.endedMs - call.calledMs) / 1000);
  if (stream === true && call.ended === 'complete' && call.firstByteMs !== null)
    points.firstChunk.record((call.firstByteMs - call.calledMs) / 1000);
  const { promptTokens, completionTokens } = call.bill;
  if (promptTokens > 0) points.input.record(promptTokens);
  if (completionTokens > 0) points.output.record(completionTokens);
}

function requestPoints(
  histograms: RequestHistograms,
  known: Map<string, RequestPoints>,
  event: RequestEvent,
): RequestPoints {
  const { endpoint, requestedModel = '', model = '' } = event;
  const error = errorOfRequest(event) ?? '';
  const key = `${endpoint} ${requestedModel} ${model} ${error}`;
  let points = known.get(key);
  if (points === undefined) {
    const attributes = {
      'gen_ai.operation.name': operationOf(endpoint),
      'gen_ai.provider.name': OWN_PROVIDER,
      'http.route': endpoint,
      ...(requestedModel === '' ? {} : { 'gen_ai.request.model': requestedModel }),
      ...(model === '' || model === 'none' ? {} : { 'gen_ai.response.model': model }),
    };
    points = {
      duration: histograms.duration.open(error === '' ? attributes : { ...attributes, 'error.type': error }),
      firstToken: histograms.firstToken.open(attributes),
      tokenTime: histograms.tokenTime.open(attributes),
    };
    if (known.size >= KEPT_MAX) known.clear();
    known.set(key, points);
  }
  return points;
}

function recordRequest(points: RequestPoints, event: RequestEvent): void {
  const { totalMs, firstByteMs, completionTokens = 0, stream, ended } = event;
  if (totalMs === undefined) return;
  points.duration.record(totalMs / 1000);
  if (stream !== true || ended !== 'complete' || firstByteMs === undefined) return;
  points.firstToken.record(firstByteMs / 1000);
  if (completionTokens > 1) points.tokenTime.record((totalMs - firstByteMs) / (completionTokens - 1) / 1000);
}
