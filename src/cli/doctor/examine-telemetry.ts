import { isOwnHost } from '../../inference/index.ts';
import { exportOrigins } from '../../kit/index.ts';
import { type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** Where traces and metrics go. It is egress that the operator chooses and the charter does not know. */
export function examineTelemetry({ settings: { telemetry } }: Patient): Finding[] {
  if (telemetry.kind === 'off') return [ok('traces and metrics stay here; `/metrics` has the numbers')];
  if (telemetry.kind === 'wrong')
    return [fail(`${telemetry.reason}; nothing is exported`, 'give the address of an OTLP collector over HTTP')];
  return exportOrigins(telemetry).map((origin) =>
    isOwnHost(new URL(origin).hostname)
      ? ok(`traces and metrics go to ${origin}`)
      : warn(
          `traces and metrics go to ${origin}, which may lie outside your network and the country`,
          'use a collector of your own; times, models, tenants and purposes of requests leave, content never',
        ),
  );
}
