import { fromBase64, fromUtf8 } from '../../../src/kit/browser.ts';
import type { Statement } from '../../../src/ledger/schema.ts';
import type { ReceiptView } from '../../../src/ledger/verify/index.ts';

export type Predicate = Statement['predicate'];

/** What a receipt says, or null while there is no statement, or none that can be read. */
export function readPredicate({ statement }: ReceiptView): Predicate | null {
  if (statement === null) return null;
  try {
    const { predicate } = JSON.parse(fromUtf8(fromBase64(statement.payload))) as Statement;
    return isWhole(predicate) ? predicate : null;
  } catch {
    return null;
  }
}

/** A file may hold anything: what the groups read must be there before they are drawn. */
function isWhole({ policy, classification, purpose, charter, usage, obligations, backend, model }: Predicate): boolean {
  const texts = [classification.level, ...classification.caveats, ...policy.clauses, purpose.id, purpose.legalBasis];
  const optional = [...Object.values(backend ?? {}), ...Object.values(model ?? {})];
  return (
    [...texts, charter.digest].every((one) => typeof one === 'string') &&
    optional.every((one) => one === null || typeof one === 'string') &&
    Array.isArray(policy.considered) &&
    Array.isArray(obligations) &&
    typeof usage.promptTokens === 'number' &&
    typeof usage.completionTokens === 'number'
  );
}

/** `9f2c 04be … 41ab`: enough to compare by eye. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, 4)} ${digest.slice(4, 8)} … ${digest.slice(-4)}`;
}

/** Whose words the answer is made of, as the statement says it. */
export function kindOf({ backend, endpoint }: Predicate): 'quoted' | 'chat' | 'refused' {
  if (backend === null) return 'refused';
  return endpoint === '/v1/quotes' ? 'quoted' : 'chat';
}
