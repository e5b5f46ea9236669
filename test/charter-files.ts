import { readCharterFolder } from '../src/charter/index.ts';
import type { CharterBytes } from '../src/charter/schema.ts';
import { root } from './read-tree.ts';

/** A change of one file: text to replace, or the whole content; null takes the file away. */
export type FileEdit = readonly [from: string | RegExp, to: string] | string | Uint8Array | null;

export function exampleBytes(): CharterBytes {
  return readCharterFolder(`${root}charters/estonia`);
}

/** The example charter with edits. An edit whose text is not there is a mistake of the test. */
export function editedBytes(edits: Readonly<Record<string, FileEdit | readonly FileEdit[]>>): CharterBytes {
  const bytes = new Map(exampleBytes());
  for (const [file, edit] of Object.entries(edits)) {
    for (const one of isList(edit) ? edit : [edit]) apply(bytes, file, one);
  }
  return bytes;
}

function isList(edit: FileEdit | readonly FileEdit[]): edit is readonly FileEdit[] {
  return Array.isArray(edit) && Array.isArray(edit[0]);
}

function apply(bytes: Map<string, Uint8Array>, file: string, edit: FileEdit): void {
  if (edit === null) bytes.delete(file);
  else if (typeof edit === 'string') bytes.set(file, new TextEncoder().encode(edit));
  else if (edit instanceof Uint8Array) bytes.set(file, edit);
  else {
    const [from, to] = edit as readonly [string | RegExp, string];
    const before = new TextDecoder().decode(bytes.get(file));
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${file} has no ${from} to edit`);
    bytes.set(file, new TextEncoder().encode(after));
  }
}

/** One entry of `backends.yaml`: an OpenAI-compatible backend in the country, for data of authorities. `more`: further lines. */
export function homeBackend(id: string, more: string): string {
  return `
- id: ${id}
  model: smollm2-135m-instruct
  dialect: openai
  url: http://127.0.0.1:1/v1
  site: tallinn
  operator: { name: Test, jurisdiction: EE }
  parentJurisdiction: EE
  clearance: { level: internal, caveats: [personal] }
  energy: { whPer1000Tokens: null, source: null }
  evidence: []
  allowPrivateAddress: true
  ${more.split('\n').join('\n  ')}
`;
}
