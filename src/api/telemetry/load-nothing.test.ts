import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const api = pathToFileURL(`${import.meta.dirname}/../index.ts`).href;

/** Which packages of OpenTelemetry a process has loaded that serves the API with these variables. */
function loadedWith(environment: Record<string, string>): string[] {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        const name = /node_modules[/](@opentelemetry[/][^/]+)/.exec(found.url)?.[1];
        if (name !== undefined && context.parentURL?.includes('/src/')) seen.add(name);
        return found;
      },
    });
    const { createTelemetry } = await import(${JSON.stringify(api)});
    const environment = ${JSON.stringify(environment)};
    const telemetry = await createTelemetry({ worker: 'w', version: '1', descriptor: 2, environment });
    await telemetry.close();
    process.stdout.write(JSON.stringify([...seen].sort()));
    process.exit(0);
  `;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
}

test('without an address nothing of OpenTelemetry is loaded, and for one signal nothing of the other', () => {
  assert.deepEqual(loadedWith({}), []);
  assert.deepEqual(loadedWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_METRICS_EXPORTER: 'none' }), [
    '@opentelemetry/api',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-trace',
  ]);
});
