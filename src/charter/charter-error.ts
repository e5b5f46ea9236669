/** One mistake in a charter, at its place. `found` and `expected` are phrases; user values stand in backticks. */
export interface CharterError {
  readonly file: string;
  /** 1-based; 0 when the mistake is the file itself, such as a missing one. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  readonly found: string;
  readonly expected: string;
  /** The valid name that is most like what was found. */
  readonly nearest?: string;
}

/** One line, such as `tenants.yaml:12:5: found …, expected …; did you mean …?`. */
export function formatCharterError(error: CharterError): string {
  const place = error.line === 0 ? error.file : `${error.file}:${error.line}:${error.column}`;
  const hint = error.nearest === undefined ? '' : `; did you mean \`${error.nearest}\`?`;
  return `${place}: found ${error.found}, expected ${error.expected}${hint}`;
}

/** By file, line and column, each mistake once. */
export function sortCharterErrors(errors: readonly CharterError[]): CharterError[] {
  const byLine = new Map(errors.map((error) => [formatCharterError(error), error]));
  return [...byLine.values()].sort(
    (a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.found, b.found),
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
