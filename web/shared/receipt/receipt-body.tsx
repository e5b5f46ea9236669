import { Download, Printer, RefreshCw } from 'lucide-react';
import type { ReceiptView } from '../../../src/ledger/verify/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { CheckList, useBrokenStep } from './check-list.tsx';
import { brokenCheck, type ReceiptFinding } from './check-receipt.ts';
import type { Predicate } from './describe-receipt.ts';
import { ProofDrawing } from './proof-drawing.tsx';
import { QrCode } from './qr-code.tsx';
import { ReceiptGroups } from './receipt-groups.tsx';
import type { AnswerKind } from './receipt-strip.tsx';

interface ReceiptBodyProps {
  readonly view: ReceiptView;
  readonly predicate: Predicate | null;
  readonly finding: ReceiptFinding;
  readonly kind: AnswerKind;
  onAgain(): void;
}

/** The receipt, open: six questions, the proof, what was checked, and what can be done with it. */
export function ReceiptBody({ view, predicate, finding, kind, onAgain }: ReceiptBodyProps) {
  const { t } = useMessages('receipt');
  const address = `${location.origin}/record/receipt/${view.id}`;
  return (
    <div className="receipt-body">
      <FailureNote finding={finding} />
      {predicate === null ? null : <ReceiptGroups predicate={predicate} kind={kind} />}
      {finding.place === null ? null : <ProofDrawing place={finding.place} broken={brokenAt(finding)} />}
      <CheckList finding={finding} />
      <div className="row no-print">
        <button type="button" className="button" onClick={onAgain}>
          <RefreshCw className="icon" aria-hidden="true" /> {t('again')}
        </button>
        <button type="button" className="button" onClick={() => saveReceipt(view)}>
          <Download className="icon" aria-hidden="true" /> {t('save')}
        </button>
        <button type="button" className="button" onClick={printReceipt}>
          <Printer className="icon" aria-hidden="true" /> {t('print')}
        </button>
        <a href="/record#commands">{t('otherTools')}</a>
      </div>
      <QrCode address={address} />
    </div>
  );
}

/** Named first, before anything that the receipt claims. */
function FailureNote({ finding }: Pick<ReceiptBodyProps, 'finding'>) {
  const { t } = useMessages('receipt');
  const step = useBrokenStep(finding);
  if (step === null) return null;
  return (
    <div className="receipt-failure">
      <p>
        {t('failedLead')} <b>{step}</b>
      </p>
      <p>
        {t('keepFile')} <a href="/help">{t('report')}</a>
      </p>
      {/* Whatever changed the answer on its way, the service still has what it signed. */}
      <button type="button" className="button no-print" onClick={() => location.reload()}>
        {t('loadSigned')}
      </button>
    </div>
  );
}

/** The proof joins its fingerprints at the tree head; whatever fails before it, fails at the entry. */
function brokenAt(finding: ReceiptFinding): 'entry' | 'head' | null {
  const broken = brokenCheck(finding);
  if (broken === null) return null;
  return broken === 'log' || broken === 'witnesses' ? 'head' : 'entry';
}

/** Exactly what `./polity verify` and the public page read. */
function saveReceipt(view: ReceiptView): void {
  const file = new Blob([`${JSON.stringify(view, null, 2)}\n`], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `receipt-${view.id}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Only the receipt that was chosen, not the conversation around it. */
function printReceipt(event: React.MouseEvent): void {
  const receipt = (event.currentTarget as HTMLElement).closest('.receipt');
  receipt?.classList.add('printed');
  document.documentElement.classList.add('print-receipt');
  print();
  document.documentElement.classList.remove('print-receipt');
  receipt?.classList.remove('printed');
}
