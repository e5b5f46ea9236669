interface CsvColumn<Row> {
  readonly name: string;
  value(row: Row): string | number;
  csv?(row: Row): string | number;
}

/** What the table shows, as RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function saveCsv<Row>(name: string, columns: readonly CsvColumn<Row>[], rows: readonly Row[]): void {
  const lines = [
    columns.map((column) => column.name),
    ...rows.map((row) => columns.map((column) => column.csv?.(row) ?? column.value(row))),
  ];
  const text = lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
