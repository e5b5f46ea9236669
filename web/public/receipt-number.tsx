import { type FormEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { useMessages } from '../shared/i18n/language.tsx';

interface ReceiptNumberProps {
  readonly given: string;
  /** Before the page of the receipt is opened. */
  onNumber?(): void;
}

/** The number of a receipt, and the way to its page. */
export function ReceiptNumber({ given, onNumber }: ReceiptNumberProps) {
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
    onNumber?.();
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
