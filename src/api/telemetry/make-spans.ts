import type { Attributes, AttributeValue, Context, Span, SpanKind, Tracer } from '@opentelemetry/api';
import type { CallNote, Exchange, RequestEvent } from '../../gateway/index.ts';
import { callAttributes, errorOfCall, errorOfRequest } from './name-call.ts';
import type { TraceParent } from './trace-parent.ts';

export type Api = Pick<typeof import('@opentelemetry/api'), 'ROOT_CONTEXT' | 'SpanKind' | 'SpanStatusCode' | 'trace'>;

interface Traced {
  readonly event: RequestEvent;
  readonly exchange: Exchange;
  readonly parent: TraceParent | null;
  /** From monotonic milliseconds to milliseconds since 1970. */
  readonly offsetMs: number;
}

/**
 * The spans of a request, made when it has ended from the times and names that its event and calls hold: nothing runs along
 * the path, and nothing can be said that is not in these types. Gives the trace's id.
 */
export function spanMaker(api: Api, tracer: Tracer): (traced: Traced) => string {
  return (traced) => {
    const { event, exchange, parent, offsetMs } = traced;
    const isHttp = exchange.known === null;
    const startMs = exchange.startedMs + offsetMs;
    const server = tracer.startSpan(
      isHttp ? `${methodOf(event)} ${event.endpoint}` : event.endpoint,
      { kind: isHttp ? api.SpanKind.SERVER : api.SpanKind.INTERNAL, startTime: startMs },
      parentContext(api, parent),
    );
    if (server.isRecording()) {
      server.setAttributes(present(requestAttributes(event, isHttp)));
      if (isFault(event)) server.setStatus({ code: api.SpanStatusCode.ERROR });
      const within = api.trace.setSpan(api.ROOT_CONTEXT, server);
      const draw = { api, tracer, within };
      if (event.readMs !== undefined) drawStep(draw, 'read-request', [startMs, startMs + event.readMs]);
      for (const [position, call] of exchange.calls.entries()) drawCall(draw, traced, { call, number: position + 1 });
    }
    server.end(startMs + (event.totalMs ?? 0));
    return server.spanContext().traceId;
  };
}

function parentContext(api: Api, parent: TraceParent | null): Context {
  if (parent === null) return api.ROOT_CONTEXT;
  const { traceId, spanId, isSampled } = parent;
  const traceFlags = isSampled ? 1 : 0;
  return api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

interface Draw {
  readonly api: Api;
  readonly tracer: Tracer;
  readonly within: Context;
}

/** A step that waits: for a body, or for a row to be durable. */
function drawStep({ api, tracer, within }: Draw, name: string, [fromMs, toMs]: readonly [number, number]): void {
  tracer.startSpan(name, { kind: api.SpanKind.INTERNAL, startTime: fromMs }, within).end(toMs);
}

function drawCall(draw: Draw, { event, offsetMs }: Traced, { call, number }: { call: CallNote; number: number }): void {
  const { api, tracer, within } = draw;
  const [calledMs, endedMs] = [call.calledMs + offsetMs, call.endedMs + offsetMs];
  drawStep(draw, 'record-intent', [calledMs - call.intentMs, calledMs]);
  const attributes = callAttributes(event.endpoint, call);
  const model = attributes['gen_ai.request.model'];
  const operation = attributes['gen_ai.operation.name'];
  const kind: SpanKind = api.SpanKind.CLIENT;
  const name = model === undefined ? String(operation) : `${operation} ${model}`;
  const span: Span = tracer.startSpan(name, { kind, startTime: calledMs }, within);
  span.setAttributes(present({ ...attributes, ...answerAttributes(event, call), 'polity.attempt': number }));
  if (call.ended === 'failed') span.setStatus({ code: api.SpanStatusCode.ERROR });
  span.end(endedMs);
  drawStep(draw, 'record-outcome', [endedMs, endedMs + call.outcomeMs]);
}

/** Words that the APIs of the dialects use. Anything else is an upstream's free text. */
const finishReasons = new Set([
  ...['stop', 'length', 'tool_calls', 'function_call', 'content_filter', 'refusal', 'error'],
  ...['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'completed', 'incomplete'],
]);

function answerAttributes({ stream }: RequestEvent, call: CallNote): Loose {
  const { route, bill, reason, firstByteMs, calledMs } = call;
  const { site, backend } = route.facts;
  const isComplete = call.ended === 'complete';
  const isStreamed = stream === true && isComplete && firstByteMs !== null;
  return {
    'gen_ai.request.stream': stream,
    'gen_ai.response.finish_reasons':
      isComplete && reason !== null ? [finishReasons.has(reason) ? reason : '_OTHER'] : undefined,
    'gen_ai.response.time_to_first_chunk': isStreamed ? (firstByteMs - calledMs) / 1000 : undefined,
    'gen_ai.usage.input_tokens': bill.source === 'none' ? undefined : bill.promptTokens,
    'gen_ai.usage.output_tokens': bill.source === 'none' ? undefined : bill.completionTokens,
    'error.type': errorOfCall(call) ?? undefined,
    'polity.ended': call.ended,
    'polity.receipt.id': call.receiptId,
    'polity.usage.source': bill.source,
    'polity.site': site.id,
    'polity.site.jurisdiction': site.jurisdiction,
    'polity.operator.jurisdiction': backend.operator.jurisdiction,
    'polity.parent.jurisdiction': backend.parentJurisdiction,
  };
}

/** By the stable conventions for HTTP, without what a client may write as it likes: query, host, user agent, address. */
function requestAttributes(event: RequestEvent, isHttp: boolean): Loose {
  const http: Loose = {
    'http.request.method': methodOf(event),
    'http.route': event.endpoint,
    'http.response.status_code': event.status,
    'url.path': event.endpoint,
    'url.scheme': 'http',
  };
  return {
    ...(isHttp ? http : {}),
    'error.type': isFault(event) ? (errorOfRequest(event) ?? '_OTHER') : undefined,
    'polity.request.id': event.requestId,
    'polity.decision': decisionOf(event),
    'polity.clauses': event.clauses === undefined ? undefined : [...event.clauses],
    'polity.problem': event.problem,
    'polity.ended': event.ended,
    'polity.receipt.id': event.receiptId,
    'polity.attempts': event.attempts,
    'polity.tenant': event.tenant,
    'polity.purpose': event.purpose,
    'polity.classification': event.classification,
    'polity.charter': event.charter,
    'polity.backend': event.backend,
    'polity.site': event.site,
    'polity.request.model': event.requestedModel,
    'polity.money.micros': event.moneyMicros,
    'polity.energy.wh': event.energyWh,
    'polity.co2.grams': event.co2Grams,
  };
}

/** Inference endpoints take one method; another one is a stranger's word. */
function methodOf({ problem }: RequestEvent): string {
  return problem === 'method-not-allowed' ? '_OTHER' : 'POST';
}

/** What the client did wrong is no fault of the server. */
function isFault({ status = 0, ended }: RequestEvent): boolean {
  return status >= 500 || ended === 'failed';
}

/** Undefined where a request ended before step 4. */
function decisionOf({ clauses, receiptId }: RequestEvent): string | undefined {
  if (clauses !== undefined) return 'denied';
  return receiptId === undefined ? undefined : 'allowed';
}

type Loose = Readonly<Record<string, AttributeValue | undefined>>;

function present(loose: Loose): Attributes {
  return Object.fromEntries(Object.entries(loose).filter(([, value]) => value !== undefined)) as Attributes;
}
