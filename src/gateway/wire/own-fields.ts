import type { Backend } from '../../charter/schema.ts';
import type { JsonText } from './json-text.ts';

/** Fields that no client library knows and that this backend's entry does not pass on. */
export function unknownFields({ members }: JsonText, known: ReadonlySet<string>, backend: Backend): string[] {
  const names: string[] = [];
  for (const { key } of members) if (!known.has(key) && !backend.passes.includes(key)) names.push(key);
  return names;
}
