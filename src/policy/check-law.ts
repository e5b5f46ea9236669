import { type DetailedError, validate } from '@cedar-policy/cedar-wasm/nodejs';
import { type CharterError, findNearest, sortCharterErrors } from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { cedarSchema } from './cedar-schema.ts';
import { phraseCedarError } from './phrase-cedar-error.ts';
import { errorAt, errorAtAnnotation } from './policy-place.ts';
import { type ReadPolicy, readPolicies } from './read-policies.ts';
import type { RedLineSet } from './schema.ts';

export interface CheckedLaw {
  readonly errors: readonly CharterError[];
  readonly warnings: readonly CharterError[];
  readonly law: readonly ReadPolicy[];
  readonly redLines: readonly ReadPolicy[];
  readonly schema: string;
}

/** Checks a charter's policies and the red lines that bind it against its strict schema, each with its place. */
export function checkLaw(charter: Charter, sets: readonly RedLineSet[]): CheckedLaw {
  const schema = cedarSchema(charter);
  const law = readPolicies(charter.policies, { set: 'law', languages: charter.country.languages });
  const binding = sets.filter((set) => charter.country.redLines.some((named) => named.set === set.name));
  const redLines = readPolicies(binding, { set: 'red-lines', languages: ['en'] });
  const errors = [...law.errors, ...redLines.errors];
  const warnings: CharterError[] = [];
  const all = [...redLines.policies, ...law.policies];
  checkIds(all, errors);
  validateAll(schema, all, { errors, warnings });
  for (const read of law.policies) {
    checkLiterals(charter, read, errors);
    checkOwner(charter, read, errors);
  }
  return {
    errors: sortCharterErrors(errors),
    warnings: sortCharterErrors(warnings),
    law: law.policies,
    redLines: redLines.policies,
    schema,
  };
}

/** One call for all: each would read the schema again. */
function validateAll(
  schema: string,
  policies: readonly ReadPolicy[],
  into: { errors: CharterError[]; warnings: CharterError[] },
): void {
  const byId = new Map(policies.map((read) => [read.policy.id, read]));
  const texts = Object.fromEntries([...byId].map(([id, { policy }]) => [id, policy.text]));
  const settings = { mode: 'strict' } as const;
  const answer = validate({ schema, policies: { staticPolicies: texts }, validationSettings: settings });
  // Each policy was parsed alone before, so only the schema could fail here: a fault of ours.
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
  const phrase = ({ policyId, error }: { policyId: string; error: DetailedError }): CharterError[] => {
    const read = byId.get(policyId);
    return read === undefined ? [] : [phraseCedarError(read.source, error)];
  };
  into.errors.push(...answer.validationErrors.flatMap(phrase));
  into.warnings.push(...answer.validationWarnings.flatMap(phrase));
}

function checkIds(policies: readonly ReadPolicy[], errors: CharterError[]): void {
  const seen = new Map<string, ReadPolicy>();
  for (const read of policies) {
    const first = seen.get(read.policy.id);
    if (first === undefined) seen.set(read.policy.id, read);
    else {
      errors.push(
        errorAtAnnotation(read.source, '@id', {
          found: `the id \`${read.policy.id}\` a second time (first in ${first.policy.file}:${first.policy.line})`,
          expected: 'each id once over all policies and red lines',
        }),
      );
    }
  }
}

/** Tenants and backends carry attributes, so Cedar cannot enumerate them: their names are checked here. */
function checkLiterals(charter: Charter, { source, literals }: ReadPolicy, errors: CharterError[]): void {
  const valid: Readonly<Record<string, readonly string[]>> = {
    Tenant: charter.tenants.map((tenant) => tenant.id),
    Backend: charter.backends.map((backend) => backend.id),
  };
  for (const { type, id } of literals) {
    const ids = valid[type];
    if (ids === undefined || ids.includes(id)) continue;
    const nearest = findNearest(id, ids);
    errors.push(
      errorAt(source, `${type}::"${id}"`, {
        found: `\`${type}::"${id}"\``,
        expected: `a ${type.toLowerCase()} of the charter`,
        nearest: nearest === undefined ? undefined : `${type}::"${nearest}"`,
      }),
    );
  }
}

function checkOwner(charter: Charter, { policy, source }: ReadPolicy, errors: CharterError[]): void {
  const ids = charter.institutions.map((institution) => institution.id);
  if (policy.owner === '' || ids.includes(policy.owner)) return;
  errors.push(
    errorAtAnnotation(source, '@owner', {
      found: `the owner \`${policy.owner}\``,
      expected: 'the id of an institution in institutions.yaml',
      nearest: findNearest(policy.owner, ids),
    }),
  );
}
