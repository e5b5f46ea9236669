import assert from 'node:assert/strict';
import test from 'node:test';
import { formatCharterError } from '../src/charter/index.ts';
import { checkCharter, readRedLineSets } from '../src/policy/index.ts';
import { editedBytes, type FileEdit } from './charter-files.ts';

type Edits = Readonly<Record<string, FileEdit | readonly FileEdit[]>>;

/** A kind of mistake, edits of the example charter that make it, and every line that the check must print. */
export type Mistake = readonly [kind: string, edits: Edits, lines: readonly string[]];

export function testMistakes(table: readonly Mistake[]): void {
  const redLines = readRedLineSets();
  for (const [kind, edits, lines] of table) {
    test(`${kind} is reported with its place`, () => {
      const checked = checkCharter(editedBytes(edits), redLines);
      assert.deepEqual(checked.kind === 'valid' ? [] : checked.errors.map(formatCharterError), lines);
    });
  }
}
