/** Where a request stands in a trace that began elsewhere. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether the caller's side records it. */
  readonly isSampled: boolean;
}

/** Of version 00 nothing follows the flags; of later ones something may. */
const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads `traceparent` (W3C Trace Context, level 2). What is none is no parent. `tracestate` and `baggage` are not read at
 * all: they are a stranger's free text.
 */
export function readTraceParent(header: string | string[] | undefined): TraceParent | null {
  if (typeof header !== 'string' || header.length > 200) return null;
  const [, version, traceId = '', spanId = '', flags = '', rest] = shape.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
