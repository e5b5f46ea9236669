import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { RequestEvent } from '../../gateway/index.ts';
import { readTelemetry, systemClock } from '../../kit/index.ts';
import type { RequestLog } from '../request-log.ts';
import { formatEvent } from './format-event.ts';
import { LineWriter } from './line-writer.ts';
import { measureRequests } from './measure-requests.ts';
import type { Exporting } from './open-export.ts';
import { readTraceParent } from './trace-parent.ts';

export interface Telemetry {
  readonly log: RequestLog;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** Writes out and sends what is still here. */
  close(): Promise<void>;
}

interface TelemetryOptions {
  readonly worker: string;
  readonly version: string;
  /** File descriptor that takes the lines. */
  readonly descriptor: number;
  /** The variables of OpenTelemetry say whether traces and metrics are exported, and where to. */
  readonly environment: NodeJS.ProcessEnv;
  /** Asked when somebody looks. */
  backends(): readonly BackendLoad[];
}

/** One backend as this process sees it. */
interface BackendLoad {
  readonly id: string;
  readonly running: number;
  readonly waiting: number;
  readonly restMs: number;
}

/** As in pino and bunyan, whose readers know it. */
const INFO = 30;

/**
 * One line of JSON for each request on the given descriptor, the metrics behind `/metrics`, and, where an address is set, traces
 * and metrics by OTLP. Never content.
 */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { worker, descriptor } = options;
  const lines = new LineWriter(descriptor);
  const head = `{"level":${INFO},"time":`;
  const tail = `,"worker":${JSON.stringify(worker)},"event":"request"}\n`;
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  collectDefaultMetrics({ register: registry });
  const count = countRequests(registry);
  watchBackends(registry, options.backends);
  const measures = measureRequests();
  const { histograms } = measures;
  const exporting = await openWhenWanted(options, { registry, histograms });
  return {
    log: {
      write(event, exchange) {
        count(event);
        if (exchange !== undefined) {
          for (const call of exchange.calls) measures.noteCall(event, call);
          measures.noteRequest(event);
          const { traceparent } = exchange.request.headers;
          const parent = traceparent === undefined ? null : readTraceParent(traceparent);
          const traceId = exporting?.trace(event, exchange, parent) ?? parent?.traceId;
          if (traceId !== undefined) event.traceId = traceId;
        }
        lines.write(`${head}${systemClock.wallMs()},${formatEvent(event)}${tail}`);
      },
    },
    metrics: {
      contentType: registry.contentType,
      render: async () => [await registry.metrics(), ...histograms.map((one) => one.render({ worker }))].join('\n'),
    },
    async close() {
      await exporting?.close();
      await lines.close();
    },
  };
}

/** What is not used is not even loaded. */
async function openWhenWanted(
  { environment, worker, version }: TelemetryOptions,
  measured: { readonly registry: Registry; readonly histograms: ReturnType<typeof measureRequests>['histograms'] },
): Promise<Exporting | null> {
  const settings = readTelemetry(environment);
  if (settings.kind !== 'on') return null;
  const { openExport } = await import('./open-export.ts');
  const report = (line: string) => void process.stderr.write(`gateway: ${line}\n`);
  return await openExport({ settings, measured, clock: systemClock, worker, version, report });
}

function watchBackends(registry: Registry, backends: TelemetryOptions['backends']): void {
  const registers = [registry];
  new Gauge({
    name: 'polity_backend_requests',
    help: 'Requests at a backend now: under way, and waiting for a place',
    labelNames: ['backend', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { id: backend, running, waiting } of backends()) {
        this.set({ backend, state: 'running' }, running);
        this.set({ backend, state: 'waiting' }, waiting);
      }
    },
  });
  new Gauge({
    name: 'polity_backend_rest_seconds',
    help: 'How long a backend is left alone after faults or because it said that it is busy; 0 when it is asked',
    labelNames: ['backend'],
    registers,
    collect() {
      this.reset();
      for (const { id: backend, restMs } of backends()) this.set({ backend }, restMs / 1000);
    },
  });
}

interface RequestLabels {
  readonly endpoint: string;
  readonly status: string;
  readonly problem: string;
  readonly backend: string;
}

/** Labels are finite: ids of the charter and of the catalogue of problems, never what a stranger sent. */
function countRequests(registry: Registry): (event: RequestEvent) => void {
  const registers = [registry];
  const counts = new Map<string, { readonly labels: RequestLabels; count: number }>();
  new Counter({
    name: 'polity_requests_total',
    help: 'Inference requests by how they ended, and faults of other addresses',
    labelNames: ['endpoint', 'status', 'problem', 'backend'],
    registers,
    // Counted beside it and told when somebody looks: the library sorts and joins labels each time.
    collect() {
      this.reset();
      for (const { labels, count } of counts.values()) this.inc({ ...labels }, count);
    },
  });
  const intentWait = new Gauge({
    name: 'polity_intent_wait_milliseconds',
    help: 'How long the latest request waited for its intent to be durable',
    registers,
  });
  return (event) => {
    const { endpoint, backend = 'none', problem = 'none' } = event;
    const status = String(event.status ?? 0);
    const name = `${endpoint} ${status} ${problem} ${backend}`;
    const known = counts.get(name);
    if (known === undefined) counts.set(name, { labels: { endpoint, status, problem, backend }, count: 1 });
    else known.count++;
    if (event.intentMs !== undefined) intentWait.set(event.intentMs);
  };
}
