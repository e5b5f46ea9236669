/** A whole installation with a collector: nothing is lost at a stop, and `/metrics` has the histograms of all gateways. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { askChat } from '../chat-client.ts';
import { startCollector } from '../otlp-collector.ts';
import { priced } from '../quota-books.ts';
import { startUpstream } from '../recording-upstream.ts';
import { startPolity } from '../start-polity.ts';

const REQUESTS = 16;

test('two gateways send every trace before they end, and `/metrics` has one histogram with the samples of both', async () => {
  const collector = await startCollector();
  const upstream = await startUpstream();
  const charter = await charterVariant(priced(servedBy(upstream.url)));
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  };
  const polity = await startPolity({ charter, words: ['--workers', '2'], environment });
  try {
    const { url, apiKey } = polity;
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, (_, number) => askChat({ url, apiKey, stream: number % 2 === 0 })),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const text = await (await fetch(`${url}/metrics`)).text();
    const counts = [
      ...text.matchAll(/^gen_ai_server_request_duration_seconds_count\{.*worker="(\w[^"]*)".*\} (\d+)$/gm),
    ];
    assert.equal(
      counts.reduce((sum, [, , count]) => sum + Number(count), 0),
      REQUESTS,
    );
    assert.equal(new Set(counts.map(([, worker]) => worker)).size, 2);
    assert.equal(text.match(/^# TYPE gen_ai_server_request_duration_seconds histogram$/gm)?.length, 1);
    assert.match(
      polity.errors(),
      new RegExp(`telemetry: traces and metrics go to ${collector.url}; content never does`),
    );
    assert.equal(await polity.stop(), 0);
    const servers = collector.spans().filter(({ kind }) => kind === 2);
    assert.deepEqual(
      servers.map(({ attributes }) => attributes['polity.receipt.id']).toSorted(),
      answers.map(({ receiptId }) => receiptId).toSorted(),
    );
    assert.equal(collector.resource()['deployment.environment.name'], 'test');
    assert.ok(collector.points('gen_ai.server.request.duration').length > 0, 'the last numbers were sent at the stop');
    assert.doesNotMatch(collector.text(), /Tere|maailm|sk-polity/);
    assert.ok(!collector.text().includes(apiKey));
  } finally {
    await polity.dispose();
    await upstream.close();
    await collector.close();
  }
});
