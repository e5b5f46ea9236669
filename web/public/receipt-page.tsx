import { useState } from 'react';
import type { ReceiptView } from '../../src/ledger/verify/index.ts';
import { ApiProblem } from '../shared/api/api-problem.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { kindOf, readPredicate } from '../shared/receipt/describe-receipt.ts';
import { OneReceipt } from '../shared/receipt/receipt-strip.tsx';
import { useReceipt } from '../shared/receipt/use-receipt.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ReceiptFile } from './receipt-file.tsx';
import { ReceiptNumber } from './receipt-number.tsx';

/** A receipt by its number or from a saved file, checked in this browser. */
export function ReceiptPage({ id }: { readonly id: string | null }) {
  const { t } = useMessages('receipt');
  const [opened, setOpened] = useState<ReceiptView | null>(null);
  return (
    <main id="content" className="page receipt-page">
      <PageHeading title={t('pageTitle')} />
      <p className="lead">{t('pageLead')}</p>
      <ReceiptNumber given={id ?? ''} onNumber={() => setOpened(null)} />
      <ReceiptFile onOpened={setOpened} />
      {opened === null ? id === null ? null : <ById id={id} /> : <Shown view={opened} />}
    </main>
  );
}

function ById({ id }: { readonly id: string }) {
  const { t } = useMessages('receipt');
  const { data, error } = useReceipt(id);
  if (data !== undefined) return <Shown view={data} />;
  if (error === null) return <p role="status">{t('loading')}</p>;
  const isUnknown = error instanceof ApiProblem && error.status < 500;
  return <p role="alert">{t(isUnknown ? 'noReceipt' : 'unreadable')}</p>;
}

const nothingSaid: Readonly<Record<string, Uint8Array>> = {};

function Shown({ view }: { readonly view: ReceiptView }) {
  const predicate = readPredicate(view);
  const kind = predicate === null ? 'chat' : kindOf(predicate);
  return <OneReceipt key={view.id} view={view} said={nothingSaid} kind={kind} isOpen />;
}
