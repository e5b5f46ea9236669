import { useMessages } from '../shared/i18n/language.tsx';

/** What is kept on the device, what happens to it, and the way to end that. */
export function UnsentNote({ onDiscard }: { onDiscard(): void }) {
  const { t } = useMessages('assistant');
  return (
    <p className="row unsent small">
      <span>{t('unsent')}</span>
      <button type="button" className="button plain" onClick={onDiscard}>
        {t('discard')}
      </button>
    </p>
  );
}
