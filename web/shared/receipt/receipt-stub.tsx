import type { ReceiptView } from '../../../src/ledger/verify/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { useFormats } from '../i18n/use-formats.ts';
import { State, type StateKind } from '../marks/state-shape.tsx';
import type { ReceiptFinding, ReceiptState } from './check-receipt.ts';

const states: Readonly<Record<ReceiptState, { readonly kind: StateKind; readonly message: StateMessage }>> = {
  checking: { kind: 'waits', message: 'stateChecking' },
  pending: { kind: 'waits', message: 'statePending' },
  'in-log': { kind: 'waits', message: 'stateInLog' },
  verified: { kind: 'verified', message: 'stateVerified' },
  failed: { kind: 'fails', message: 'stateFailed' },
  offline: { kind: 'waits', message: 'stateOffline' },
  unsupported: { kind: 'waits', message: 'stateUnsupported' },
  erased: { kind: 'idle', message: 'stateErased' },
};

type StateMessage =
  | 'stateChecking'
  | 'statePending'
  | 'stateInLog'
  | 'stateVerified'
  | 'stateFailed'
  | 'stateOffline'
  | 'stateUnsupported'
  | 'stateErased';

/** Behind the tear line: the number, and what this browser has found out. */
export function ReceiptStub({ view, finding }: { readonly view: ReceiptView; readonly finding: ReceiptFinding }) {
  const { t } = useMessages('receipt');
  const { number } = useFormats();
  const { kind, message } = states[finding.state];
  const hasEntry = view.index !== null && view.proof !== null;
  return (
    <span className="receipt-stub">
      <b>{hasEntry ? t('entry', { n: number(BigInt(view.index ?? 0)) }) : t('receipt', { id: view.id.slice(0, 4) })}</b>
      <State kind={kind}>{t(message)}</State>
    </span>
  );
}
