import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { CharterError } from '../charter/index.ts';
import { positionOf } from '../charter/index.ts';
import type { PolicyFile } from '../charter/schema.ts';
import { checkAnnotations } from './check-annotations.ts';
import { inspectPolicy, type Literal } from './lint-fragment.ts';
import { phraseCedarError } from './phrase-cedar-error.ts';
import { errorAt, type PolicySource } from './policy-place.ts';
import type { NamedPolicy } from './schema.ts';
import { splitPolicies } from './split-policies.ts';

export interface ReadPolicy {
  readonly policy: NamedPolicy;
  readonly source: PolicySource;
  readonly literals: readonly Literal[];
}

export interface ReadPolicies {
  readonly policies: readonly ReadPolicy[];
  readonly errors: readonly CharterError[];
}

/** Reads policies and checks what needs no charter: syntax, annotations, the finite fragment, ids. */
export function readPolicies(
  files: readonly PolicyFile[],
  { set, languages }: { readonly set: NamedPolicy['set']; readonly languages: readonly string[] },
): ReadPolicies {
  const errors: CharterError[] = [];
  const policies: ReadPolicy[] = [];
  for (const { path, text } of files) {
    for (const piece of splitPolicies(text)) {
      const source: PolicySource = { file: path, text, piece };
      const read = readPolicy(source, { set, languages }, errors);
      if (read !== null) policies.push(read);
    }
  }
  return { policies, errors };
}

function readPolicy(
  source: PolicySource,
  rules: { readonly set: NamedPolicy['set']; readonly languages: readonly string[] },
  errors: CharterError[],
): ReadPolicy | null {
  const answer = policyToJson(source.piece.text);
  if (answer.type === 'failure') {
    errors.push(...answer.errors.slice(0, 1).map((error) => phraseCedarError(source, error)));
    return null;
  }
  const { effect, annotations = {} } = answer.json;
  const { foreign, literals } = inspectPolicy(answer.json);
  for (const operator of foreign) {
    errors.push(
      errorAt(source, operator, {
        found: `\`${operator}\``,
        expected:
          'operators over finite sets only, so that the law can be proved: ==, !=, <, in, contains, &&, ||, !, has, is',
      }),
    );
  }
  if (rules.set === 'red-lines' && effect === 'permit') {
    errors.push(errorAt(source, 'permit', { found: '`permit`', expected: '`forbid`: a red line never permits' }));
  }
  const checked = checkAnnotations(source, { annotations, effect, languages: rules.languages });
  errors.push(...checked.errors);
  if (checked.named === null) return null;
  const line = positionOf(source.text.slice(0, source.piece.start)).line;
  const policy: NamedPolicy = {
    ...checked.named,
    set: rules.set,
    effect,
    file: source.file,
    line,
    text: source.piece.text,
  };
  return { policy, source, literals };
}
