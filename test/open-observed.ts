/** The path with its telemetry, in front of recording upstreams and of a collector. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createTelemetry, type Telemetry } from '../src/api/index.ts';
import { type OpenPath, openPath, type TestBackend } from './open-path.ts';
import { type OtlpCollector, startCollector } from './otlp-collector.ts';

export interface Observed {
  readonly path: OpenPath;
  readonly collector: OtlpCollector;
  readonly telemetry: Telemetry;
  /** Once so many requests are over: ends the telemetry, so that everything has been sent and written. */
  finish(requests: number): Promise<void>;
  /** The lines of the log. */
  log(): string;
  close(): Promise<void>;
}

export async function openObserved(
  backends: readonly (string | TestBackend)[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Observed> {
  const collector = await startCollector();
  const folder = mkdtempSync(join(tmpdir(), 'polity-observed-'));
  const file = join(folder, 'log');
  // Left open: the log flushes once more after the last test.
  const descriptor = openSync(file, 'a');
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...variables };
  const telemetry = await createTelemetry({
    worker: 'worker-1',
    version: '1.2.3',
    descriptor,
    environment,
    backends: () => [],
  });
  const path = await openPath(backends, { log: telemetry.log });
  let ended: Promise<void> | null = null;
  const end = () => (ended ??= telemetry.close());
  return {
    path,
    collector,
    telemetry,
    async finish(requests) {
      for (let tries = 0; tries < 500 && path.events.length < requests; tries++) await delay(10);
      await end();
    },
    log: () => readFileSync(file, 'utf8'),
    async close() {
      await path.close();
      await end();
      await collector.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A chat request as clients send it, with more fields and headers. */
export function askObserved(
  { path }: Pick<Observed, 'path'>,
  more: object = {},
  init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  const body = { model: 'auto', max_tokens: 8, messages: [{ role: 'user', content: 'Tere' }], ...more };
  return fetch(`${path.url}/v1/chat/completions`, {
    ...init,
    method: 'POST',
    headers: { authorization: 'Bearer right', 'content-type': 'application/json', ...init.headers },
    body: JSON.stringify(body),
  });
}
