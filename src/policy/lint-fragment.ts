/** Operators over finite domains: with these alone the whole domain of a decision can be enumerated and proved. */
const finite = new Set([
  'Value',
  'Var',
  '!',
  '==',
  '!=',
  'in',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
  'contains',
  'containsAll',
  'containsAny',
  'isEmpty',
  '.',
  'has',
  'is',
  'if-then-else',
  'Set',
]);

export interface Literal {
  readonly type: string;
  readonly id: string;
}

export interface Fragment {
  /** Operators outside the finite fragment, as written in Cedar. */
  readonly foreign: readonly string[];
  /** Every entity that the policy names. */
  readonly literals: readonly Literal[];
}

/** Walks the JSON form of a policy, as `policyToJson` gives it. */
export function inspectPolicy(json: unknown): Fragment {
  const foreign = new Set<string>();
  const literals: Literal[] = [];
  const { conditions = [], ...scope } = json as { conditions?: { body: unknown }[] };
  collectLiterals(scope, literals);
  for (const { body } of conditions) inspectExpression(body, foreign);
  collectLiterals(conditions, literals);
  return { foreign: [...foreign].sort(), literals };
}

const written: Readonly<Record<string, string>> = { neg: '-', Record: 'a record', Slot: 'a template slot' };

function inspectExpression(expression: unknown, foreign: Set<string>): void {
  if (typeof expression !== 'object' || expression === null) return;
  for (const [operator, operands] of Object.entries(expression)) {
    if (operator === 'Value') {
      if (JSON.stringify(operands).includes('"__extn"')) foreign.add('an extension value');
      continue;
    }
    if (!finite.has(operator)) {
      foreign.add(written[operator] ?? operator);
      continue;
    }
    const parts = Array.isArray(operands) ? operands : Object.values((operands as object | null) ?? {});
    for (const part of parts) if (typeof part === 'object') inspectExpression(part, foreign);
  }
}

function collectLiterals(value: unknown, literals: Literal[]): void {
  if (typeof value !== 'object' || value === null) return;
  const { type, id } = value as Partial<Literal>;
  if (typeof type === 'string' && typeof id === 'string') literals.push({ type, id });
  else for (const member of Object.values(value)) collectLiterals(member, literals);
}
