import { FileText } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import type { ReceiptView } from '../../src/ledger/verify/index.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { readReceiptFile } from '../shared/receipt/read-receipt-file.ts';

/** A saved receipt, chosen or dropped. It is read on this device and sent nowhere. */
export function ReceiptFile({ onOpened }: { onOpened(view: ReceiptView | null): void }) {
  const { t } = useMessages('receipt');
  const [isBad, setBad] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    // A folder or a file that has gone cannot be read at all: it is no receipt either.
    const view = await readReceiptFile(file).catch(() => null);
    setBad(view === null);
    onOpened(view);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void open(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button does the same
    <div className="field receipt-drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <span className="label">{t('openFile')}</span>
      <p className="hint">{t('dropHint')}</p>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={t('openFile')}
        onChange={(event) => {
          void open(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <p className="fault" role="alert">
        {isBad ? t('badFile') : ''}
      </p>
      <div className="row">
        <button type="button" className="button" onClick={() => input.current?.click()}>
          <FileText className="icon" aria-hidden="true" /> {t('chooseFile')}
        </button>
      </div>
    </div>
  );
}
