import type { CharterError } from './charter-error.ts';
import type { Path, YamlFile } from './read-yaml.ts';

/**
 * The data of all files that are YAML, before or after their shape was found right: references are checked on it,
 * so that a wrong field in one file does not hide a wrong name in another.
 */
export class RawCharter {
  readonly #files: ReadonlyMap<string, YamlFile>;
  readonly errors: CharterError[] = [];
  readonly warnings: CharterError[] = [];

  constructor(files: ReadonlyMap<string, YamlFile>) {
    this.#files = files;
  }

  /** Whether the file could be read as YAML. */
  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** The value at a path, or undefined. */
  value(file: string, path: Path): unknown {
    let value = this.#files.get(file)?.data;
    for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
    return value;
  }

  text(file: string, path: Path): string | undefined {
    const value = this.value(file, path);
    return typeof value === 'string' ? value : undefined;
  }

  list(file: string, path: Path): readonly unknown[] {
    const value = this.value(file, path);
    return Array.isArray(value) ? value : [];
  }

  /** The ids of a list, where they are text. */
  ids(file: string, path: Path): string[] {
    return this.list(file, path).flatMap((_item, index) => this.text(file, [...path, index, 'id']) ?? []);
  }

  report(file: string, path: Path, mistake: Mistake): void {
    this.errors.push(this.#at(file, path, mistake));
  }

  warn(file: string, path: Path, mistake: Mistake): void {
    this.warnings.push(this.#at(file, path, mistake));
  }

  #at(file: string, path: Path, mistake: Mistake): CharterError {
    const place = this.#files.get(file)?.placeOf(path) ?? { line: 0, column: 0 };
    const { found, expected, nearest } = mistake;
    return { file, ...place, found, expected, ...(nearest === undefined ? {} : { nearest }) };
  }
}

export interface Mistake {
  readonly found: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
}
