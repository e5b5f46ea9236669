import type { JsonText } from './json-text.ts';

/** What changes in the outermost object. Values are JSON text. */
export interface Changes {
  /** Members that get a value, whether or not they were there. */
  readonly set: Readonly<Record<string, string>>;
  /** Members that go. */
  readonly drop: readonly string[];
}

/** The same document with some members changed: every other byte stays as it came, numbers and escapes included. */
export function splice({ bytes, members }: JsonText, changes: Changes): Buffer {
  const { set, drop } = changes;
  const pieces: (Buffer | string)[] = [];
  const placed = new Set<string>();
  let runStart = -1;
  let runEnd = -1;
  const add = (piece: Buffer | string) => pieces.push(pieces.length === 0 ? '{' : ',', piece);
  const endRun = () => {
    if (runStart >= 0) add(bytes.subarray(runStart, runEnd));
    runStart = -1;
  };
  for (const { key, start, end } of members) {
    const value = set[key];
    if (value === undefined && !drop.includes(key)) {
      if (runStart < 0) runStart = start;
      runEnd = end;
      continue;
    }
    endRun();
    if (value === undefined) continue;
    placed.add(key);
    add(`${JSON.stringify(key)}:${value}`);
  }
  endRun();
  for (const [key, value] of Object.entries(set)) if (!placed.has(key)) add(`${JSON.stringify(key)}:${value}`);
  pieces.push(pieces.length === 0 ? '{}' : '}');
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}
