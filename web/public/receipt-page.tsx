import { type FormEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import type { ReceiptView } from '../../src/ledger/verify/index.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { readPredicate } from '../shared/receipt/describe-receipt.ts';
import { type AnswerKind, OneReceipt } from '../shared/receipt/receipt-strip.tsx';
import { useReceipt } from '../shared/receipt/use-receipt.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';

/** A receipt by its number or from a saved file, checked in this browser. */
export function ReceiptPage({ id }: { readonly id: string | null }) {
  const { t } = useMessages('receipt');
  const [opened, setOpened] = useState<ReceiptView | null>(null);
  return (
    <main id="content" className="page receipt-page">
      <PageHeading title={t('pageTitle')} />
      <p className="lead">{t('pageLead')}</p>
      <NumberField given={id ?? ''} onNumber={() => setOpened(null)} />
      <FileField onOpen={setOpened} />
      {opened === null ? id === null ? null : <ById id={id} /> : <Shown view={opened} />}
    </main>
  );
}

function NumberField({ given, onNumber }: { readonly given: string; onNumber(): void }) {
  const { t } = useMessages('receipt');
  const [number, setNumber] = useState(given);
  const [fault, setFault] = useState(false);
  const [, navigate] = useLocation();
  const id = useId();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = number.trim().toLowerCase();
    const isRight = /^[0-9a-f]{32}$/.test(wanted);
    setFault(!isRight);
    if (!isRight) return;
    onNumber();
    navigate(`/record/receipt/${wanted}`);
  };
  return (
    <form className="field" onSubmit={onSubmit}>
      <label htmlFor={id}>{t('number')}</label>
      <div className="row receipt-number">
        <input
          id={id}
          className="mono"
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          value={number}
          aria-invalid={fault}
          aria-describedby={`${id}-fault`}
          onChange={(event) => setNumber(event.target.value)}
        />
        <button type="submit" className="button first">
          {t('checkHere')}
        </button>
      </div>
      <p id={`${id}-fault`} role="alert" className="error">
        {fault ? t('badNumber') : ''}
      </p>
    </form>
  );
}

/** A receipt is a few kilobytes; anything larger is something else. */
const FILE_MAX = 200_000;

function FileField({ onOpen }: { onOpen(view: ReceiptView): void }) {
  const { t } = useMessages('receipt');
  const [fault, setFault] = useState(false);
  const id = useId();
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    const view = file.size > FILE_MAX ? null : readFile(await file.text());
    setFault(view === null);
    if (view !== null) onOpen(view);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{t('openFile')}</label>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        onChange={(event) => void open(event.target.files?.[0])}
      />
      <p role="alert" className="error">
        {fault ? t('badFile') : ''}
      </p>
    </div>
  );
}

function readFile(text: string): ReceiptView | null {
  try {
    const view = JSON.parse(text) as Partial<ReceiptView> | null;
    return typeof view?.id === 'string' && typeof view.state === 'string' && 'statement' in view
      ? (view as ReceiptView)
      : null;
  } catch {
    return null;
  }
}

function ById({ id }: { readonly id: string }) {
  const { t } = useMessages('receipt');
  const { data, error } = useReceipt(id);
  if (data !== undefined) return <Shown view={data} />;
  return <p role="status">{error === null ? t('loading') : t('noReceipt')}</p>;
}

const nothingSaid: Readonly<Record<string, Uint8Array>> = {};

function Shown({ view }: { readonly view: ReceiptView }) {
  return <OneReceipt key={view.id} view={view} said={nothingSaid} kind={kindOf(view)} isOpen />;
}

function kindOf(view: ReceiptView): AnswerKind {
  const predicate = readPredicate(view);
  if (predicate?.ended === 'refused') return 'refused';
  return predicate?.model === null ? 'quoted' : 'chat';
}
