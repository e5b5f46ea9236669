import { useMessages } from '../shared/i18n/language.tsx';
import { StillLoading } from '../shared/shell/still-loading.tsx';

/** What stands while a page has no data: bars that stand still, or what kept it away and who may see it. */
export function ConsoleState({ error }: { readonly error: Error | null }) {
  const { t } = useMessages('console');
  if (error === null) return <StillLoading />;
  return (
    <p role="alert" className="fault">
      {t('away', { why: error.message })}
    </p>
  );
}
