/** The guide and the dashboard are held to what the code really shows. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { askObserved, type Observed, openObserved } from './open-observed.ts';
import { type RecordingUpstream, startUpstream } from './recording-upstream.ts';

const guides = join(import.meta.dirname, '../docs/guides');
const guide = readFileSync(join(guides, 'telemetry.md'), 'utf8');

let upstream: RecordingUpstream;
let broken: RecordingUpstream;
let all: Observed;
let text: string;

before(async () => {
  upstream = await startUpstream();
  broken = await startUpstream((_request, response) => void response.writeHead(500).end());
  all = await openObserved([broken.url, upstream.url]);
  await (await askObserved(all, { stream: true })).text();
  await (await askObserved(all, {}, { headers: { 'x-polity-classification': 'secret' } })).text();
  await all.finish(2);
  // What the supervisor's round adds is counted where the metrics of several gateways meet.
  text = `${await all.telemetry.metrics.render()}\n# TYPE polity_metrics_workers gauge\npolity_metrics_workers{state="answered"} 1\n`;
});

after(async () => {
  await all.close();
  await upstream.close();
  await broken.close();
});

const own = /^(gen_ai|polity)_/;

test('the guide lists every metric of Polity, with its kind and its labels', () => {
  const shown = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind] as const);
  const rows = [...guide.matchAll(/^\| `([a-z_]+)` \| (histogram|counter|gauge) \|/gm)].map(
    ([, name = '', kind = '']) => [name, kind] as const,
  );
  assert.deepEqual(rows.toSorted(), shown.filter(([name]) => own.test(name)).toSorted());
  const labels = new Set(
    [...text.matchAll(/^(?:gen_ai|polity)_\w+\{(.*)\} /gm)].flatMap(([, list = '']) =>
      [...list.matchAll(/([a-z_]+)="/g)].map(([, name = '']) => name),
    ),
  );
  labels.delete('le');
  for (const label of labels) assert.ok(guide.includes(`\`${label}\``), label);
});

test('the guide names every attribute of a span', () => {
  const names = new Set(all.collector.spans().flatMap(({ attributes }) => Object.keys(attributes)));
  assert.ok(names.size > 30);
  for (const name of names) assert.ok(guide.includes(`\`${name}\``), name);
});

test('every query of the dashboard asks for a metric and labels that exist', () => {
  const dashboard = JSON.parse(readFileSync(join(guides, 'grafana-gateway.json'), 'utf8')) as {
    panels: { targets: { expr: string; legendFormat: string }[] }[];
  };
  const samples = new Set([...text.matchAll(/^([a-z_]+)(?:\{| )/gm)].map(([, name]) => name));
  const targets = dashboard.panels.flatMap((panel) => panel.targets);
  assert.ok(targets.length >= 10);
  for (const { expr, legendFormat } of targets) {
    const metrics = [...expr.matchAll(/\b(?:gen_ai_(?:server|client)|polity_(?!backend)|process)_?\w+/g)].map(
      ([name]) => name,
    );
    assert.equal(metrics.length, 1, expr);
    assert.ok(samples.has(metrics[0]), `${metrics[0]} of ${expr}`);
    const lines = text.split('\n').filter((line) => line.startsWith(`${metrics[0]}{`));
    const by = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
    const legend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    const filters = [...expr.matchAll(/(\w+)!?="/g)].map(([, name = '']) => name);
    for (const label of [...by, ...legend, ...filters])
      assert.ok(
        lines.some((line) => line.includes(`${label}="`)),
        `${label} in ${expr}`,
      );
  }
});
