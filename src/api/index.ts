/**
 * HTTP: inference endpoints on the path, everything else through Fastify; problems, telemetry, the start page.
 * Promises: every failure leaves as a problem, one log line a request, never content, never a stack trace.
 * Called by: processes. Spec: docs/spec/, docs/decisions/0006-http.md.
 */
export { batchLineAsker } from './ask-batch-line.ts';
export { openAnswerPath } from './ask-inside.ts';
export { mergeMetrics } from './merge-metrics.ts';
export type { Readiness, VaultDesks } from './parts.ts';
export type { InferenceParts } from './serve-inference.ts';
export { createApiServer } from './server.ts';
export { createTelemetry, type Telemetry } from './telemetry/create-telemetry.ts';
