import type { BackendView } from '../../src/api/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { BackendsTable } from './backends-table.tsx';
import { ConsoleState } from './console-state.tsx';
import { useConsole } from './use-console.ts';

export function BackendsPage() {
  const { t } = useMessages('console');
  const { data, error } = useConsole<{ backends: readonly BackendView[] }>('backends');
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('backends')} />
      </header>
      <p className="section-lead">{t('backendsLead')}</p>
      {data === undefined ? <ConsoleState error={error} /> : <BackendsTable backends={data.backends} />}
    </>
  );
}
