import './receipt.css';
import { useQueryClient } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReceiptView } from '../../../src/ledger/verify/index.ts';
import { Unreachable } from '../api/api-problem.ts';
import { useDescription } from '../api/use-description.ts';
import { useMessages } from '../i18n/language.tsx';
import { useFormats } from '../i18n/use-formats.ts';
import { JurisdictionMark, type Place } from '../marks/jurisdiction-mark.tsx';
import { useBrokenStep } from './check-list.tsx';
import type { ReceiptFinding, ReceiptState } from './check-receipt.ts';
import { type Predicate, readPredicate } from './describe-receipt.ts';
import { ReceiptBody } from './receipt-body.tsx';
import { ReceiptStub } from './receipt-stub.tsx';
import { useFinding, useReceipt } from './use-receipt.ts';

export type AnswerKind = 'quoted' | 'chat' | 'refused';

interface ReceiptStripProps {
  readonly receiptId: string;
  /** What this page shows and the receipt commits to. Keep the object while it does not change. */
  readonly said: Readonly<Record<string, Uint8Array>>;
  readonly kind: AnswerKind;
}

/** The receipt under an answer: where it ran and under which clause, and what this browser found out about it. */
export function ReceiptStrip({ receiptId, said, kind }: ReceiptStripProps) {
  const { t } = useMessages('receipt');
  const { data: view, error, failureReason } = useReceipt(receiptId);
  if (view === undefined)
    return <p className="receipt receipt-wait">{error === null ? t('loading') : t('unreadable')}</p>;
  return <OneReceipt view={view} said={said} kind={kind} isAnswered={!(failureReason instanceof Unreachable)} />;
}

interface OneReceiptProps {
  readonly view: ReceiptView;
  readonly said: Readonly<Record<string, Uint8Array>>;
  readonly kind: AnswerKind;
  readonly isOpen?: boolean;
  /** Whether the service answered when it was last asked. */
  readonly isAnswered?: boolean;
}

export function OneReceipt({ view, said, kind, isOpen = false, isAnswered = true }: OneReceiptProps) {
  const client = useQueryClient();
  const { finding, again } = useFinding({ view, said, isAnswered });
  const details = useRef<HTMLDetailsElement>(null);
  const failed = finding.state === 'failed';
  useEffect(() => {
    if ((failed || isOpen) && details.current !== null) details.current.open = true;
  }, [failed, isOpen]);
  const predicate = readPredicate(view);
  const checkAgain = () => {
    void client.invalidateQueries({ queryKey: ['receipt', view.id] });
    again();
  };
  return (
    <>
      <details className="receipt" ref={details}>
        <summary>
          <JurisdictionMark place={useMarkPlace(predicate)} size={28} />
          <ReceiptSentence predicate={predicate} state={finding.state} />
          <ReceiptStub view={view} finding={finding} />
          <ChevronDown className="icon receipt-chevron" aria-hidden="true" />
        </summary>
        <ReceiptBody view={view} predicate={predicate} finding={finding} kind={kind} onAgain={checkAgain} />
      </details>
      <FailureAlert finding={finding} />
    </>
  );
}

/** What went wrong is said at once, without waiting for a pause. */
function FailureAlert({ finding }: { readonly finding: ReceiptFinding }) {
  const { t } = useMessages('receipt');
  const step = useBrokenStep(finding);
  return (
    <p role="alert" className="unseen">
      {step === null ? '' : `${t('failedLead')} ${step}`}
    </p>
  );
}

function useMarkPlace(predicate: Predicate | null): Place {
  const country = useDescription()?.country.code;
  if (predicate === null) return 'unknown';
  if (predicate.backend === null) return 'not-sent';
  if (predicate.backend.jurisdiction === country) return 'in-country';
  return predicate.obligations.some(({ kind }) => kind === 'pseudonymise') ? 'abroad-masked' : 'abroad';
}

interface SentenceProps {
  readonly predicate: Predicate | null;
  readonly state: ReceiptState;
}

function ReceiptSentence({ predicate, state }: SentenceProps) {
  const { t, rich } = useMessages('receipt');
  const { regionName } = useFormats();
  if (predicate === null)
    return <span>{t(state === 'erased' ? 'stateErased' : state === 'failed' ? 'badFile' : 'loading')}</span>;
  const clause = predicate.policy.clauses.join(', ');
  const bold = { b: (inner: React.ReactNode) => <b>{inner}</b> };
  if (predicate.backend === null) return <span>{rich('refused', { clause }, bold)}</span>;
  const { jurisdiction, operator } = predicate.backend;
  const model = predicate.model === null ? t('noModel') : t('byModel', { model: predicate.model.id });
  return <span>{rich('answered', { place: regionName(jurisdiction), operator, clause, model }, bold)}</span>;
}
