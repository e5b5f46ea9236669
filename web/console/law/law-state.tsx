import { useMessages } from '../../shared/i18n/language.tsx';
import { StillLoading } from '../../shared/shell/still-loading.tsx';

export function LawState({ error }: { readonly error: Error | null }) {
  const { t } = useMessages('law');
  if (error === null) return <StillLoading />;
  return (
    <p role="alert" className="fault">
      {t('away', { why: error.message })}
    </p>
  );
}
