/**
 * HTTP: inference endpoints on the path, everything else through Fastify; problems, telemetry, the start page.
 * Promises: every failure leaves as a problem, one log line a request, never content, never a stack trace.
 * Called by: processes. Spec: docs/spec/, docs/decisions/0006-http.md.
 */
export { openAnswerPath } from './ask-inside.ts';
export { mergeMetrics } from './merge-metrics.ts';
export type { ApiParts, Readiness } from './parts.ts';
export { createApiServer } from './server.ts';
export { createTelemetry, type Telemetry } from './telemetry.ts';
