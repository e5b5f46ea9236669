import pino from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestEvent } from '../gateway/index.ts';
import type { RequestLog } from './request-log.ts';

export interface Telemetry {
  readonly log: RequestLog;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** Writes out what is still buffered. */
  flush(): void;
}

interface TelemetryOptions {
  readonly worker: string;
  /** File descriptor that takes the lines. */
  readonly descriptor: number;
}

/** Seconds; OpenTelemetry's advice for `gen_ai.client.operation.duration` (semantic conventions 1.45, 2026-11). */
const durationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** One line of JSON for each request on the given descriptor, and the counters behind `/metrics`. Never content. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const destination = pino.destination({
    dest: options.descriptor,
    sync: false,
    minLength: 16_000,
    periodicFlush: 500,
  });
  const logger = pino({ base: { worker: options.worker }, messageKey: 'event' }, destination);
  const registry = new Registry();
  registry.setDefaultLabels({ worker: options.worker });
  collectDefaultMetrics({ register: registry });
  const count = countRequests(registry);
  return {
    log: {
      write(event) {
        count(event);
        logger.info(event, 'request');
      },
    },
    metrics: { contentType: registry.contentType, render: () => registry.metrics() },
    flush: () => destination.flushSync(),
  };
}

/** Labels are finite: ids of the charter and of the catalogue of problems, never what a stranger sent. */
function countRequests(registry: Registry): (event: RequestEvent) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'polity_requests_total',
    help: 'Inference requests by how they ended',
    labelNames: ['endpoint', 'status', 'problem', 'backend'],
    registers,
  });
  const tokens = new Counter({
    name: 'polity_tokens_total',
    help: 'Tokens settled, by direction',
    labelNames: ['backend', 'direction'],
    registers,
  });
  const duration = new Histogram({
    name: 'polity_request_seconds',
    help: 'From the first byte of a request to the last of its answer',
    labelNames: ['endpoint'],
    buckets: durationBuckets,
    registers,
  });
  const intentWait = new Gauge({
    name: 'polity_intent_wait_milliseconds',
    help: 'How long the latest request waited for its intent to be durable',
    registers,
  });
  return (event) => {
    const { endpoint, backend = 'none', problem = 'none' } = event;
    requests.inc({ endpoint, status: String(event.status ?? 0), problem, backend });
    if (event.promptTokens !== undefined) tokens.inc({ backend, direction: 'in' }, event.promptTokens);
    if (event.completionTokens !== undefined) tokens.inc({ backend, direction: 'out' }, event.completionTokens);
    if (event.totalMs !== undefined) duration.observe({ endpoint }, event.totalMs / 1000);
    if (event.intentMs !== undefined) intentWait.set(event.intentMs);
  };
}
