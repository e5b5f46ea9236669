import { equalBytes } from '../kit/index.ts';
import type { CharterBytes } from './schema.ts';

/** Paths, sorted. */
export interface FileChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export function fileChanges(before: CharterBytes, after: CharterBytes): FileChanges {
  const paths = [...after.keys()].sort();
  return {
    added: paths.filter((path) => !before.has(path)),
    changed: paths.filter((path) => differs(before.get(path), after.get(path))),
    removed: [...before.keys()].filter((path) => !after.has(path)).sort(),
  };
}

function differs(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && !equalBytes(a, b);
}
