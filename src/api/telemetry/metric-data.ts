import type { Attributes, HrTime } from '@opentelemetry/api';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import type { Histogram } from './histogram.ts';

/** What `/metrics` shows, as OpenTelemetry's data: counted once, told in two ways. */
export interface Measured {
  readonly histograms: readonly Histogram[];
  readonly registry: Registry;
}

/** The enums of the SDK are values, and nothing of it is loaded unless it is used. */
export type MetricsSdk = Pick<typeof import('@opentelemetry/sdk-metrics'), 'AggregationTemporality' | 'DataPointType'>;

/** Sums count from the start of the process. */
interface Span {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

export async function describeMetrics(measured: Measured, sdk: MetricsSdk, span: Span): Promise<MetricData[]> {
  const numbers = (await measured.registry.getMetricsAsJSON()) as MetricObjectWithValues<MetricValue<string>>[];
  return [
    ...measured.histograms.map((histogram) => describeHistogram(histogram, sdk, span)),
    ...numbers.flatMap((metric) => describeNumber(metric, sdk, span)),
  ].filter(({ dataPoints }) => dataPoints.length > 0);
}

const doubleValue = 1;

function describeHistogram(histogram: Histogram, sdk: MetricsSdk, span: Span): MetricData {
  const { name, unit, description, boundaries } = histogram.instrument;
  return {
    descriptor: { name, unit, description, valueType: doubleValue },
    aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
    dataPointType: sdk.DataPointType.HISTOGRAM,
    dataPoints: histogram.points().map(({ attributes, counts, sum, count }) => ({
      ...span,
      attributes,
      value: { buckets: { boundaries: [...boundaries], counts: [...counts] }, sum, count },
    })),
  };
}

/** Counters and gauges keep their names of Prometheus. The process is named by the resource, not by a label. */
function describeNumber(
  { name, help, type, values }: MetricObjectWithValues<MetricValue<string>>,
  sdk: MetricsSdk,
  span: Span,
): MetricData[] {
  // In prom-client's objects the type is a word, its declaration says an enum.
  const kind = String(type);
  if (kind !== 'counter' && kind !== 'gauge') return [];
  const base = {
    descriptor: { name, unit: '', description: help, valueType: doubleValue },
    aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
    dataPoints: values.map(({ labels, value }) => {
      const { worker: _, ...attributes } = labels as Attributes;
      return { ...span, attributes, value };
    }),
  };
  return kind === 'counter'
    ? [{ ...base, dataPointType: sdk.DataPointType.SUM, isMonotonic: true }]
    : [{ ...base, dataPointType: sdk.DataPointType.GAUGE }];
}
