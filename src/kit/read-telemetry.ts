/** Where traces and metrics go, by the variables of OpenTelemetry's specification (1.56, 2026-11). Their export is off without an address. */

export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface ExportSettings {
  readonly kind: 'on';
  /** Addresses to post to; null: this signal is not exported. */
  readonly traces: string | null;
  readonly metrics: string | null;
  readonly sampler: (typeof samplers)[number];
  /** Share of traces that the samplers by ratio take. */
  readonly ratio: number;
  readonly queue: {
    readonly spansMax: number;
    readonly batchMax: number;
    readonly delayMs: number;
    readonly timeoutMs: number;
  };
  readonly intervalMs: number;
  /** For one export of metrics; at most the interval. */
  readonly timeoutMs: number;
}

/** `wrong`: an address that cannot be used. Nothing is exported then; the service itself does not depend on it. */
export type TelemetrySettings =
  | ExportSettings
  | { readonly kind: 'off' }
  | { readonly kind: 'wrong'; readonly reason: string };

type Environment = Readonly<Record<string, string | undefined>>;
type Signal = 'TRACES' | 'METRICS';

export function readTelemetry(environment: Environment): TelemetrySettings {
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return { kind: 'off' };
  const traces = addressOf('TRACES', environment);
  const metrics = addressOf('METRICS', environment);
  if ('reason' in traces) return { kind: 'wrong', ...traces };
  if ('reason' in metrics) return { kind: 'wrong', ...metrics };
  if (traces.url === null && metrics.url === null) return { kind: 'off' };
  const number = (name: string, otherwise: number) => positive(environment[name], otherwise);
  const spansMax = number('OTEL_BSP_MAX_QUEUE_SIZE', 2_048);
  const intervalMs = number('OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  return {
    kind: 'on',
    traces: traces.url,
    metrics: metrics.url,
    ...samplerOf(environment),
    queue: {
      spansMax,
      batchMax: Math.min(spansMax, number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
      delayMs: number('OTEL_BSP_SCHEDULE_DELAY', 5_000),
      timeoutMs: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
    },
    intervalMs,
    timeoutMs: Math.min(intervalMs, number('OTEL_METRIC_EXPORT_TIMEOUT', 30_000)),
  };
}

type Address = { readonly url: string | null } | { readonly reason: string };

function addressOf(signal: Signal, environment: Environment): Address {
  if (environment[`OTEL_${signal}_EXPORTER`]?.trim() === 'none') return { url: null };
  const own = environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]?.trim();
  const all = environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim();
  const text = own || all;
  if (!text) return { url: null };
  const name = own ? `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT` : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const protocol =
    environment[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] || environment.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/json';
  if (!protocol.startsWith('http/'))
    return { reason: 'OTEL_EXPORTER_OTLP_PROTOCOL asks for another protocol than OTLP over HTTP, the only one spoken' };
  // The value is not repeated: it may hold a password.
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    return { reason: `${name} is no address like http://127.0.0.1:4318` };
  if (own) return { url: own };
  const url = new URL(text);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal.toLowerCase()}`;
  return { url: url.href };
}

/** Scheme, host and port of each address: what may be said aloud, for an address may hold a password. */
export function exportOrigins({ traces, metrics }: Pick<ExportSettings, 'traces' | 'metrics'>): readonly string[] {
  const urls = [traces, metrics].filter((url) => url !== null);
  return [...new Set(urls.map((url) => new URL(url).origin))];
}

function samplerOf(environment: Environment): Pick<ExportSettings, 'sampler' | 'ratio'> {
  const named = environment.OTEL_TRACES_SAMPLER?.trim();
  const sampler = samplers.find((one) => one === named) ?? 'parentbased_always_on';
  const ratio = Number(environment.OTEL_TRACES_SAMPLER_ARG?.trim() || 1);
  return { sampler, ratio: ratio >= 0 && ratio <= 1 ? ratio : 1 };
}

/** What is no such number counts as not set, as the specification has it. */
function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}
