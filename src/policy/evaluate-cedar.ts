import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { sha256Hex } from '../kit/index.ts';
import type { CedarRequest } from './cedar-request.ts';

export type Evaluation =
  | { readonly kind: 'decided'; readonly allowed: boolean; readonly reasons: readonly string[] }
  /** A policy errored or the request did not fit the schema. Cedar skips such a policy: only a denial is safe. */
  | { readonly kind: 'error'; readonly detail: string };

/**
 * Parses a set once for this process (about 0.1 MB stays in Cedar's memory for each version of a charter) and gives
 * the function that asks it. `policies` is a record, so that reasons come back as the policies' own ids.
 */
export function prepareCedar(
  schema: string,
  policies: Readonly<Record<string, string>>,
): (request: CedarRequest) => Evaluation {
  const schemaName = sha256Hex(schema);
  const setId = sha256Hex(`${schemaName}\n${JSON.stringify(policies)}`);
  must(preparseSchema(schemaName, schema));
  must(preparsePolicySet(setId, { staticPolicies: { ...policies } }));
  return (request) => {
    const answer = statefulIsAuthorized({
      ...request,
      action: { type: 'Action', id: 'answer' },
      preparsedSchemaName: schemaName,
      preparsedPolicySetId: setId,
      validateRequest: true,
    });
    if (answer.type !== 'success')
      return { kind: 'error', detail: answer.errors.map((error) => error.message).join('; ') };
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) {
      return {
        kind: 'error',
        detail: diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`).join('; '),
      };
    }
    return { kind: 'decided', allowed: decision === 'allow', reasons: [...diagnostics.reason].sort() };
  };
}

function must(answer: { type: 'success' } | { type: 'failure'; errors: { message: string }[] }): void {
  if (answer.type === 'failure')
    throw new Error(`Cedar refused: ${answer.errors.map((error) => error.message).join('; ')}`);
}
