import type { MeterProvider } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { Exchange, RequestEvent } from '../../gateway/index.ts';
import type { Clock, ExportSettings } from '../../kit/index.ts';
import { spanMaker } from './make-spans.ts';
import { describeMetrics, type Measured } from './metric-data.ts';
import type { TraceParent } from './trace-parent.ts';

export interface ExportOptions {
  readonly settings: ExportSettings;
  readonly measured: Measured;
  readonly clock: Clock;
  /** Names this process among those of the service. */
  readonly worker: string;
  readonly version: string;
  /** One line when exports begin to fail, and one when they work again. */
  report(line: string): void;
}

export interface Exporting {
  /** Gives the trace's id; null when traces are not exported. */
  trace(event: RequestEvent, exchange: Exchange, parent: TraceParent | null): string | null;
  /** Sends what waits, and gives up after a time: a collector that hangs must not keep a process. */
  close(): Promise<void>;
}

const FLUSH_MS = 2_000;

/** Everything that exports is loaded here, when an address is set: about 0.1 s and 20 MB that others do not pay. */
export async function openExport(options: ExportOptions): Promise<Exporting> {
  const { settings, clock, worker, version } = options;
  const resources = await import('@opentelemetry/resources');
  const own = { 'service.name': 'polity', 'service.version': version, 'service.instance.id': worker };
  const resource = resources
    .defaultResource()
    .merge(resources.resourceFromAttributes(own))
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const meters = settings.metrics === null ? null : await openMeters(settings.metrics, options, resource);
  if (settings.traces === null) return { trace: () => null, close: () => endWithin([meters]) };
  const [api, sdk] = await Promise.all([import('@opentelemetry/api'), import('@opentelemetry/sdk-trace')]);
  const processor = await openProcessor(settings.traces, options, { sdk, meters });
  const traces = new sdk.TracerProvider({ resource, sampler: samplerOf(settings, sdk), spanProcessors: [processor] });
  const makeSpans = spanMaker(api, traces.getTracer('polity', version));
  return {
    trace: (event, exchange, parent) =>
      makeSpans({ event, exchange, parent, offsetMs: clock.wallMs() - clock.monotonicMs() }),
    close: () => endWithin([traces, meters]),
  };
}

type TraceSdk = typeof import('@opentelemetry/sdk-trace');

async function openProcessor(
  url: string,
  { settings, report }: ExportOptions,
  { sdk, meters }: { sdk: TraceSdk; meters: MeterProvider | null },
) {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { spansMax, batchMax, delayMs, timeoutMs } = settings.queue;
  return new sdk.BatchSpanProcessor({
    exporter: watchExport(new OTLPTraceExporter({ url }), reporter('traces', url, report)),
    maxQueueSize: spansMax,
    maxExportBatchSize: batchMax,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: timeoutMs,
    // Counts what found the queue full.
    ...(meters === null ? {} : { selfObsMeterProvider: meters }),
  });
}

async function openMeters(url: string, { settings, report, measured, clock }: ExportOptions, resource: Resource) {
  const [sdk, { OTLPMetricExporter }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  const startTime = hrTime(clock.wallMs());
  const collect = async () => {
    const metrics = await describeMetrics(measured, sdk, { startTime, endTime: hrTime(clock.wallMs()) });
    return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'polity' }, metrics }] }, errors: [] };
  };
  const reader = new sdk.PeriodicExportingMetricReader({
    exporter: watchExport(new OTLPMetricExporter({ url }), reporter('metrics', url, report)),
    exportIntervalMillis: settings.intervalMs,
    exportTimeoutMillis: settings.timeoutMs,
    metricProducers: [{ collect }],
  });
  return new sdk.MeterProvider({ resource, readers: [reader] });
}

function hrTime(wallMs: number): [number, number] {
  return [Math.floor(wallMs / 1000), Math.round((wallMs % 1000) * 1_000_000)];
}

function samplerOf({ sampler, ratio }: ExportSettings, sdk: TraceSdk) {
  const isChild = sampler.startsWith('parentbased_');
  const kind = sampler.replace('parentbased_', '');
  const root =
    kind === 'always_off'
      ? new sdk.AlwaysOffSampler()
      : kind === 'always_on'
        ? new sdk.AlwaysOnSampler()
        : new sdk.TraceIdRatioBasedSampler(ratio);
  return isChild ? new sdk.ParentBasedSampler({ root }) : root;
}

interface Exporter<T> {
  export(items: T, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
}

type Watch = (error: Error | null) => void;

function watchExport<T, E extends Exporter<T>>(exporter: E & Exporter<T>, watch: Watch): E {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      watch(result.code === 0 ? null : (result.error ?? new Error('refused')));
      done(result);
    });
  return exporter;
}

/** A collector that is down for a day is two lines, not one every five seconds. */
function reporter(what: string, url: string, report: (line: string) => void): Watch {
  const { origin } = new URL(url);
  let isFailing = false;
  return (error) => {
    if ((error !== null) === isFailing) return;
    isFailing = error !== null;
    if (error === null) report(`telemetry: ${origin} takes ${what} again`);
    else
      report(`telemetry: ${origin} does not take ${what} (${error.message.slice(0, 120)}); requests are not affected`);
  };
}

async function endWithin(providers: readonly ({ shutdown(): Promise<void> } | null)[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FLUSH_MS);
  await Promise.race([Promise.allSettled(providers.map((provider) => provider?.shutdown())), promise]);
  clearTimeout(timer);
}
