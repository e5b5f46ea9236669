import type { KeyRecord } from '../identity/ports.ts';
import { formatTime } from '../kit/index.ts';

/** One line per key, in columns that line up. */
export function formatKeys(keys: readonly KeyRecord[], nowMs: number): string[] {
  const rows = [
    ['id', 'tenant', 'project', 'purposes', 'role', 'level', 'state', 'name'],
    ...keys.map((key) => [
      key.id,
      key.tenant,
      key.project ?? '-',
      key.purposes.join(','),
      key.role,
      key.defaultLevel ?? '-',
      stateOf(key, nowMs),
      key.name,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function stateOf(key: KeyRecord, nowMs: number): string {
  if (key.revokedAtMs !== null) return `revoked ${formatTime(key.revokedAtMs)}`;
  if (key.expiresAtMs === null) return 'valid';
  return `${key.expiresAtMs <= nowMs ? 'expired' : 'until'} ${formatTime(key.expiresAtMs)}`;
}
