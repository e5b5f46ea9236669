export type CsvRow = readonly (string | number | null)[];

export function formatCsv(header: readonly string[], rows: readonly CsvRow[]): string {
  return formatLines([header]) + formatLines(rows);
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function formatLines(rows: readonly CsvRow[]): string {
  return rows.map((row) => `${row.map(formatCell).join(',')}\r\n`).join('');
}

function formatCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
