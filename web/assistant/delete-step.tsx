import { useState } from 'react';
import { useMessages } from '../shared/i18n/language.tsx';
import { explainFault } from './explain-fault.ts';

interface DeleteStepProps {
  readonly label: string;
  /** What is deleted, for those who cannot see the row. */
  readonly name?: string;
  onDelete(): Promise<void>;
}

/** What is lost is said in place before it is lost: there is no way back. */
export function DeleteStep({ label, name, onDelete }: DeleteStepProps) {
  const { t } = useMessages('assistant');
  // Null before anybody asked: only who came back finds the focus here.
  const [asked, setAsked] = useState<boolean | null>(null);
  const [fault, setFault] = useState('');
  const remove = async () => {
    try {
      await onDelete();
      setAsked(false);
    } catch (cause) {
      setFault(t(...explainFault(cause)));
    }
  };
  if (asked !== true) {
    return (
      <button
        type="button"
        className="button"
        aria-label={name}
        // biome-ignore lint/a11y/noAutofocus: the focus comes back from Cancel
        autoFocus={asked === false}
        onClick={() => setAsked(true)}
      >
        {label}
      </button>
    );
  }
  return (
    <div className="delete-step" role="alert">
      <p>{t('deleteSure')}</p>
      {fault === '' ? null : <p className="fault">{fault}</p>}
      <div className="row">
        <button type="button" className="button danger" onClick={() => void remove()}>
          {t('deleteYes')}
        </button>
        {/* biome-ignore lint/a11y/noAutofocus: the way back comes first */}
        <button type="button" className="button" autoFocus onClick={() => setAsked(false)}>
          {t('cancel')}
        </button>
      </div>
    </div>
  );
}
