import { fromBase64, fromUtf8 } from '../../../src/kit/browser.ts';
import type { Statement } from '../../../src/ledger/schema.ts';
import type { ReceiptView } from '../../../src/ledger/verify/index.ts';

export type Predicate = Statement['predicate'];

/** What a receipt says, or null while there is no statement, or none that can be read. */
export function readPredicate({ statement }: ReceiptView): Predicate | null {
  if (statement === null) return null;
  try {
    return (JSON.parse(fromUtf8(fromBase64(statement.payload))) as Statement).predicate;
  } catch {
    return null;
  }
}

/** `9f2c 04be … 41ab`: enough to compare by eye. */
export function shortDigest(digest: string): string {
  return `${digest.slice(0, 4)} ${digest.slice(4, 8)} … ${digest.slice(-4)}`;
}
