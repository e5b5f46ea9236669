import { type CharterError, parseCharter, sortCharterErrors } from '../charter/index.ts';
import type { Charter, CharterBytes } from '../charter/schema.ts';
import { checkLaw } from './check-law.ts';
import { buildLaw } from './compile-law.ts';
import { readPolicies } from './read-policies.ts';
import type { Law, RedLineSet } from './schema.ts';

export type CheckedCharter =
  | { readonly kind: 'valid'; readonly charter: Charter; readonly law: Law; readonly warnings: readonly CharterError[] }
  | { readonly kind: 'invalid'; readonly errors: readonly CharterError[] };

/** The whole check of a charter: files, references, red lines, policies. Every mistake is reported in one go. */
export function checkCharter(bytes: CharterBytes, sets: readonly RedLineSet[]): CheckedCharter {
  const parsed = parseCharter(bytes, new Map(sets.map((set) => [set.name, set.sha256])));
  if (parsed.kind === 'invalid') {
    return { kind: 'invalid', errors: sortCharterErrors([...parsed.errors, ...syntaxErrors(bytes)]) };
  }
  const { charter } = parsed;
  const checked = checkLaw(charter, sets);
  if (checked.errors.length > 0) return { kind: 'invalid', errors: checked.errors };
  return {
    kind: 'valid',
    charter,
    law: buildLaw(charter, sets, { checked }),
    warnings: sortCharterErrors([...parsed.warnings, ...checked.warnings]),
  };
}

/** What can be said of the policies while the rest of the charter cannot be read. */
function syntaxErrors(bytes: CharterBytes): readonly CharterError[] {
  const files = [...bytes]
    .filter(([path]) => path.endsWith('.cedar'))
    .map(([path, content]) => ({ path, text: new TextDecoder().decode(content) }));
  return readPolicies(files, { set: 'law', languages: [] }).errors;
}
