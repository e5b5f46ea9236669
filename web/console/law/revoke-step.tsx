import { useState } from 'react';
import { useMessages } from '../../shared/i18n/language.tsx';
import { State } from '../../shared/marks/state-shape.tsx';

interface RevokeStepProps {
  readonly name: string;
  onRevoke(): Promise<void>;
}

/** A live key, and the way to end it: what happens is said before it does. */
export function RevokeStep({ name, onRevoke }: RevokeStepProps) {
  const { t } = useMessages('law');
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <>
        <State kind="holds">{t('live')}</State>{' '}
        <button
          type="button"
          className="button plain"
          aria-label={t('revokeKey', { name })}
          onClick={() => setAsked(true)}
        >
          {t('revoke')}
        </button>
      </>
    );
  }
  return (
    <div role="alert">
      <p>{t('revokeSure')}</p>
      <div className="row">
        <button type="button" className="button danger" onClick={() => void onRevoke().then(() => setAsked(false))}>
          {t('revoke')}
        </button>
        <button type="button" className="button" onClick={() => setAsked(false)}>
          {t('cancel')}
        </button>
      </div>
    </div>
  );
}
