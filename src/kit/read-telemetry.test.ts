import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportOrigins, readTelemetry } from './read-telemetry.ts';

const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:secret@127.0.0.1:4318/base/' };

function on(environment: Record<string, string>) {
  const settings = readTelemetry(environment);
  assert.equal(settings.kind, 'on');
  if (settings.kind !== 'on') throw new Error('unreachable');
  return settings;
}

test('without an address, or disabled, nothing is exported', () => {
  for (const environment of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { OTEL_SERVICE_NAME: 'ai', OTEL_TRACES_SAMPLER: 'always_on' },
    { ...base, OTEL_SDK_DISABLED: 'TRUE' },
    { ...base, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
  ])
    assert.deepEqual(readTelemetry(environment), { kind: 'off' });
});

test('paths of signals are added to the common address, and an address of one signal is taken as it is', () => {
  const { traces, metrics } = on(base);
  assert.deepEqual(
    [traces, metrics],
    ['http://user:secret@127.0.0.1:4318/base/v1/traces', 'http://user:secret@127.0.0.1:4318/base/v1/metrics'],
  );
  const own = on({ ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in' });
  assert.equal(own.traces, 'https://traces.example/in');
  assert.equal(on({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m.example' }).traces, null);
  assert.deepEqual(exportOrigins(own), ['https://traces.example', 'http://127.0.0.1:4318']);
});

test('an address that is none, or of another protocol, turns the export off and is not repeated', () => {
  for (const environment of [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'secret:4317' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'secret' },
    { ...base, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'ftp://secret' },
    { ...base, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { ...base, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' },
  ]) {
    const settings = readTelemetry(environment);
    assert.equal(settings.kind, 'wrong');
    if (settings.kind === 'wrong') assert.match(settings.reason, /^OTEL_EXPORTER_OTLP(?!.*secret)/);
  }
});

test('samplers, queue and interval are those of the specification; what is no number counts as not set', () => {
  const { sampler, ratio, queue, intervalMs, timeoutMs } = on(base);
  assert.deepEqual([sampler, ratio, intervalMs, timeoutMs], ['parentbased_always_on', 1, 60_000, 30_000]);
  assert.deepEqual(queue, { spansMax: 2_048, batchMax: 512, delayMs: 5_000, timeoutMs: 30_000 });
  const other = on({
    ...base,
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
    OTEL_BSP_SCHEDULE_DELAY: 'soon',
    OTEL_METRIC_EXPORT_INTERVAL: '10000',
  });
  assert.deepEqual(
    [other.sampler, other.ratio, other.intervalMs, other.timeoutMs],
    ['traceidratio', 0.25, 10_000, 10_000],
  );
  assert.deepEqual([other.queue.spansMax, other.queue.batchMax, other.queue.delayMs], [100, 100, 5_000]);
  const wrong = on({ ...base, OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: '7' });
  assert.deepEqual([wrong.sampler, wrong.ratio], ['parentbased_always_on', 1]);
});
