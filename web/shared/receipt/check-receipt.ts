import {
  parseTlogProof,
  parseTreeHead,
  type ReceiptVerdict,
  type ReceiptView,
  type Trust,
  verifyReceipt,
} from '../../../src/ledger/verify/index.ts';

/** What the strip shows. `verified` is only ever this browser's own finding. */
export type ReceiptState = 'checking' | 'pending' | 'in-log' | 'verified' | 'failed' | 'offline' | 'erased';

export interface ReceiptFinding {
  readonly state: ReceiptState;
  readonly checks: ReceiptVerdict['checks'];
  readonly tookMs: number;
  /** Place in the tree, where there is a proof. */
  readonly place: { readonly index: number; readonly size: number } | null;
}

export interface ToCheck {
  readonly view: ReceiptView;
  readonly trust: Trust;
  /** Bytes that the page shows, by subject name. */
  readonly said: Readonly<Record<string, Uint8Array>>;
  /** Whether the log answers now. */
  readonly isReachable: boolean;
}

/** Checks with WebCrypto alone; asks nobody. */
export async function checkReceipt({ view, trust, said, isReachable }: ToCheck): Promise<ReceiptFinding> {
  if (view.state === 'erased') return { state: 'erased', checks: [], tookMs: 0, place: null };
  const startedMs = performance.now();
  const { verdict, checks } = await verifyReceipt(view, trust, { said });
  const tookMs = performance.now() - startedMs;
  return { state: stateOf({ verdict, checks }, isReachable), checks, tookMs, place: placeOf(view) };
}

function stateOf({ verdict, checks }: ReceiptVerdict, isReachable: boolean): ReceiptState {
  if (verdict === 'proven') return 'verified';
  if (verdict === 'fails') return 'failed';
  if (checks.at(-1)?.name === 'witnesses') return 'in-log';
  return isReachable ? 'pending' : 'offline';
}

function placeOf({ proof }: ReceiptView): ReceiptFinding['place'] {
  if (proof === null) return null;
  try {
    const { index, checkpoint } = parseTlogProof(proof);
    const { size } = parseTreeHead(checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1));
    return index < size ? { index, size } : null;
  } catch {
    // The check itself has said so already.
    return null;
  }
}
