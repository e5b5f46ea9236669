import { type FormEvent, useId, useState } from 'react';
import type { CaseView, ContestReason, TurnView } from '../../src/assistant/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { explainFault } from './explain-fault.ts';

const reasons = [
  ['untrue', 'reasonUntrue'],
  ['incomplete', 'reasonIncomplete'],
  ['source', 'reasonSource'],
  ['refusal', 'reasonRefusal'],
] as const;

interface ContestFormProps {
  readonly turn: TurnView;
  onClose(): void;
  onContested(turn: TurnView): void;
}

/** Opens in place, without an account; what happens and by when is said before it is sent. */
export function ContestForm({ turn, onClose, onContested }: ContestFormProps) {
  const { t } = useMessages('assistant');
  const [reason, setReason] = useState<ContestReason>(turn.state === 'refused' ? 'refusal' : 'untrue');
  const [words, setWords] = useState('');
  const [fault, setFault] = useState('');
  const id = useId();
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const body = { reason, words };
      const contested = await callApi<CaseView>(`/api/turns/${turn.id}/contest`, { method: 'POST', body });
      onContested({ ...turn, contested });
    } catch (cause) {
      setFault(t(...explainFault(cause)));
    }
  };
  return (
    <form className="contest no-print" onSubmit={(event) => void onSubmit(event)}>
      <div className="contest-what">
        <fieldset className="field">
          <legend>{t('contestTitle')}</legend>
          {reasons.map(([value, label]) => (
            <label key={value} className="choice">
              <input type="radio" name={`${id}-reason`} checked={reason === value} onChange={() => setReason(value)} />
              {t(label)}
            </label>
          ))}
        </fieldset>
        <div className="field">
          <label htmlFor={`${id}-words`}>{t('inYourWords')}</label>
          <textarea
            id={`${id}-words`}
            rows={4}
            maxLength={4000}
            dir="auto"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
        <p role="alert" className="error">
          {fault}
        </p>
        <div className="row">
          <button type="submit" className="button first">
            {t('send')}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {t('cancel')}
          </button>
        </div>
      </div>
      <WhatThen />
    </form>
  );
}

const DAY_MS = 86_400_000;

function WhatThen() {
  const { t, rich } = useMessages('assistant');
  const local = useLocalText();
  const { date } = useFormats();
  const contest = useDescription()?.contest;
  const by = date(Date.now() + (contest?.days ?? 0) * DAY_MS);
  const bold = { b: (inner: React.ReactNode) => <b>{inner}</b> };
  return (
    <section className="contest-then">
      <h3>{t('whatThen')}</h3>
      <ol>
        <li>{rich('thenNow', {}, bold)}</li>
        <li>{rich('thenBy', { date: by, institution: local(contest?.institution) }, bold)}</li>
      </ol>
    </section>
  );
}
