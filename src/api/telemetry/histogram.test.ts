import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from './histogram.ts';
import { callInstruments, prometheusName, requestInstruments } from './instruments.ts';

const instrument = { name: 'a.b', unit: 's', description: 'Words', boundaries: [0.1, 1] } as const;

test('a bound belongs to the bucket below it, buckets add up, and labels are escaped', () => {
  const histogram = new Histogram(instrument);
  const point = histogram.open({ 'x.y': 'a"b\\c\nd' });
  for (const value of [0.1, 0.5, 1, 7]) point.record(value);
  assert.deepEqual(histogram.render({ worker: 'w' }).split('\n'), [
    '# HELP a_b_seconds Words',
    '# TYPE a_b_seconds histogram',
    'a_b_seconds_bucket{le="0.1",x_y="a\\"b\\\\c\\nd",worker="w"} 1',
    'a_b_seconds_bucket{le="1",x_y="a\\"b\\\\c\\nd",worker="w"} 3',
    'a_b_seconds_bucket{le="+Inf",x_y="a\\"b\\\\c\\nd",worker="w"} 4',
    'a_b_seconds_sum{x_y="a\\"b\\\\c\\nd",worker="w"} 8.6',
    'a_b_seconds_count{x_y="a\\"b\\\\c\\nd",worker="w"} 4',
    '',
  ]);
});

test('the same labels are one series, and one without a value is not shown', () => {
  const histogram = new Histogram(instrument);
  histogram.open({ a: 1 }).record(1);
  histogram.open({ a: 1 }).record(1);
  histogram.open({ a: 2 });
  assert.deepEqual(
    histogram.points().map(({ attributes, count }) => [attributes, count]),
    [[{ a: 1 }, 2]],
  );
});

test('labels without end are counted together', () => {
  const histogram = new Histogram(instrument);
  for (let number = 0; number < 5_000; number++) histogram.open({ number }).record(1);
  const points = histogram.points();
  assert.equal(points.length, 1_001);
  assert.equal(points.at(-1)?.attributes['otel.metric.overflow'], true);
  assert.equal(points.at(-1)?.count, 4_000);
});

test('names of Prometheus are those of the mapping of OpenTelemetry', () => {
  const all = [...Object.values(callInstruments), ...Object.values(requestInstruments)];
  assert.deepEqual(all.map(prometheusName).sort(), [
    'gen_ai_client_operation_duration_seconds',
    'gen_ai_client_operation_time_to_first_chunk_seconds',
    'gen_ai_client_token_usage',
    'gen_ai_server_request_duration_seconds',
    'gen_ai_server_time_per_output_token_seconds',
    'gen_ai_server_time_to_first_token_seconds',
  ]);
  for (const { boundaries } of all)
    assert.deepEqual(
      [...boundaries],
      [...boundaries].sort((a, b) => a - b),
    );
});
