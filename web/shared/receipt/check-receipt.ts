import {
  parseTlogProof,
  parseTreeHead,
  type ReceiptVerdict,
  type ReceiptView,
  type Trust,
  verifyReceipt,
} from '../../../src/ledger/verify/index.ts';

/** What the strip shows. `verified` is only ever this browser's own finding; `unsupported` claims nothing. */
export type ReceiptState =
  | 'checking'
  | 'pending'
  | 'in-log'
  | 'verified'
  | 'failed'
  | 'offline'
  | 'unsupported'
  | 'erased';

export interface ReceiptFinding {
  readonly state: ReceiptState;
  readonly checks: ReceiptVerdict['checks'];
  readonly tookMs: number;
  /** Whether there were bytes to compare with the signed ones; without them the check of the content says nothing. */
  readonly isCompared: boolean;
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

/** A finding without any check. */
export function unchecked(state: ReceiptState): ReceiptFinding {
  return { state, checks: [], tookMs: 0, isCompared: false, place: null };
}

/** Checks with WebCrypto alone; asks nobody. */
export async function checkReceipt({ view, trust, said, isReachable }: ToCheck): Promise<ReceiptFinding> {
  if (view.state === 'erased') return unchecked('erased');
  if (view.state === 'open') return unchecked(isReachable ? 'pending' : 'checking');
  const nowMs = () => performance.now();
  const startedMs = nowMs();
  try {
    const { verdict, checks } = await verifyReceipt(view, trust, { said, nowMs });
    const state = stateOf({ verdict, checks }, isReachable);
    const isCompared = Object.keys(said).length > 0;
    return { state, checks, tookMs: nowMs() - startedMs, isCompared, place: placeOf(view) };
  } catch (cause) {
    if ((cause as Error).name === 'NotSupportedError') return unchecked('unsupported');
    throw cause;
  }
}

/** The check that failed, if one did. */
export function brokenCheck({ checks }: Pick<ReceiptFinding, 'checks'>): string | null {
  return checks.find(({ holds, waits }) => !holds && waits !== true)?.name ?? null;
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
