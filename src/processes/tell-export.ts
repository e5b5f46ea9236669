import { isOwnHost } from '../inference/index.ts';
import { exportOrigins, type TelemetrySettings } from '../kit/index.ts';

/** What a start says of traces and metrics that leave: nothing when they do not. */
export function exportLines(telemetry: TelemetrySettings): readonly string[] {
  if (telemetry.kind === 'off') return [];
  if (telemetry.kind === 'wrong') return [`telemetry: ${telemetry.reason}; nothing is exported`];
  return exportOrigins(telemetry).map((origin) => {
    const where = isOwnHost(new URL(origin).hostname) ? '' : ', which may lie outside your network and the country';
    return `telemetry: traces and metrics go to ${origin}${where}; content never does`;
  });
}
