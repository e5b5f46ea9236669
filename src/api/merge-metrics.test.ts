import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Registry } from 'prom-client';
import { mergeMetrics } from './merge-metrics.ts';

function registryOf(worker: string, more: string | null = null): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  const counter = new Counter({ name: 'answers_total', help: 'Answers', labelNames: ['way'], registers: [registry] });
  counter.inc({ way: 'a "quoted"\nway' }, 2);
  if (more !== null) new Gauge({ name: more, help: 'Said by one alone', registers: [registry] }).set(7);
  return registry.metrics();
}

test('each metric is declared once and has the samples of every process', async () => {
  const merged = mergeMetrics([await registryOf('one'), await registryOf('two', 'level')]);
  assert.equal(
    merged,
    [
      '# HELP answers_total Answers',
      '# TYPE answers_total counter',
      'answers_total{way="a \\"quoted\\"\\nway",worker="one"} 2',
      'answers_total{way="a \\"quoted\\"\\nway",worker="two"} 2',
      '',
      '# HELP level Said by one alone',
      '# TYPE level gauge',
      'level{worker="two"} 7',
      '',
    ].join('\n'),
  );
});

test('the metrics of one process stay as they are', async () => {
  const text = await registryOf('one');
  assert.equal(mergeMetrics([text]).trim(), text.trim());
});
