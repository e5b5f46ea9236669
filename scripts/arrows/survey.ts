import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Import, readImports } from './read-imports.ts';

/** One import of one file of `src/`. Paths are relative to `src/`, with `/`. */
export interface Arrow extends Import {
  readonly from: string;
  /** A path relative to `src/` (`../` leads out of it), or null for a package or a part of Node. */
  readonly to: string | null;
}

export interface House {
  readonly files: readonly string[];
  readonly arrows: readonly Arrow[];
}

/** Reads `src/` as it stands: all its TypeScript files and what each of them imports. */
export async function surveyHouse(src: string): Promise<House> {
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix.relative(src, join(entry.parentPath, entry.name)))
    .sort();
  const arrows: Arrow[] = [];
  for (const from of files) {
    for (const found of await readImports(join(src, from))) arrows.push({ ...found, from, to: resolve(from, found) });
  }
  return { files, arrows };
}

function resolve(from: string, { specifier }: Import): string | null {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : null;
}

/** `gateway` for `gateway/steps/1-identify-caller.ts`, and `` for a file that lies in `src/` itself. */
export function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] as string) : '';
}

export function isTest(file: string): boolean {
  return file.endsWith('.test.ts');
}
