import { ArrowUpRight, Flag, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { CaseView, TurnMode, TurnView } from '../../src/assistant/schema.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { ContestForm } from './contest-form.tsx';
import { TurnReceipt } from './turn-receipt.tsx';
import { TurnTools } from './turn-tools.tsx';

export interface TurnEndProps {
  readonly turn: TurnView;
  onAsk(question: string, mode: TurnMode, parent: string | null): Promise<unknown>;
  onEdit(): void;
  onContested(turn: TurnView): void;
}

/** What stands below every answer and refusal in the same place: where to go, a person, contest, tools, the receipt. */
export function TurnEnd({ turn, onAsk, onEdit, onContested }: TurnEndProps) {
  const { t } = useMessages('assistant');
  const [contesting, setContesting] = useState(false);
  const close = () => {
    setContesting(false);
    document.getElementById(`contest-${turn.id}`)?.focus();
  };
  const service = turn.quoted?.service ?? null;
  return (
    <footer className="turn-end">
      <div className="row no-print">
        {service === null ? null : (
          <a className="button first" href={service.link} rel="noopener">
            {t('openService', { title: service.title })} <ArrowUpRight className="icon icon-flip" aria-hidden="true" />
          </a>
        )}
        <OfficeButton turn={turn} />
        <ContestButton turn={turn} isOpen={contesting} onOpen={() => setContesting(!contesting)} />
      </div>
      {contesting && turn.contested === null ? (
        <ContestForm turn={turn} onClose={close} onContested={onContested} />
      ) : null}
      <TurnTools turn={turn} onAgain={() => void onAsk(turn.question, turn.mode, turn.parent)} onEdit={onEdit} />
      {turn.mode === 'quoted' && turn.quoted?.found ? <p className="hint">{t('noPlain')}</p> : null}
      {turn.receiptId === null ? null : <TurnReceipt turn={turn} receiptId={turn.receiptId} />}
    </footer>
  );
}

function OfficeButton({ turn }: { readonly turn: TurnView }) {
  const { t } = useMessages('assistant');
  const local = useLocalText();
  const general = useDescription()?.office;
  const office =
    turn.quoted?.office ?? (general === undefined ? null : { name: local(general.name), link: general.link });
  if (office === null) return null;
  return (
    <a className="button" href={office.link} rel="noopener">
      <UserRound className="icon" aria-hidden="true" /> {t('askOffice', { office: office.name })}
    </a>
  );
}

const takeFocus = (element: HTMLElement | null) => element?.focus();

interface ContestButtonProps {
  readonly turn: TurnView;
  readonly isOpen: boolean;
  onOpen(): void;
}

function ContestButton({ turn, isOpen, onOpen }: ContestButtonProps) {
  const { t } = useMessages('assistant');
  if (turn.contested !== null) return <Contested found={turn.contested} hasFocus={isOpen} />;
  return (
    <button id={`contest-${turn.id}`} type="button" className="button" aria-expanded={isOpen} onClick={onOpen}>
      <Flag className="icon" aria-hidden="true" /> {t(turn.state === 'refused' ? 'contestRefusal' : 'contest')}
    </button>
  );
}

/** What was contested says its number and by when; the form that had the focus is gone. */
function Contested({ found, hasFocus }: { readonly found: CaseView; readonly hasFocus: boolean }) {
  const { t } = useMessages('assistant');
  const { date } = useFormats();
  const { number, dueAt } = found;
  return (
    <p className="contested" tabIndex={-1} ref={hasFocus ? takeFocus : undefined}>
      <Flag className="icon" aria-hidden="true" /> {t('contested', { number, date: date(dueAt) })}
    </p>
  );
}
