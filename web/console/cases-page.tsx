import { Link } from 'wouter';
import type { CaseRow } from '../../src/api/schema.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ConsoleState } from './console-state.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { useConsole } from './use-console.ts';

const reasons = ['untrue', 'incomplete', 'source', 'refusal'] as const;

/** Contested answers with their number and deadline. What people wrote is not shown here. */
export function CasesPage() {
  const { t } = useMessages('console');
  const { data, error } = useConsole<{ cases: readonly CaseRow[] }>('cases');
  const columns = useColumns();
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('cases')} />
      </header>
      <p className="section-lead">{t('casesLead')}</p>
      {data === undefined ? (
        <ConsoleState error={error} />
      ) : (
        <DataTable
          name="cases"
          columns={columns}
          rows={data.cases}
          rowKey={({ number }) => number}
          empty={t('noCases')}
        />
      )}
    </>
  );
}

function useColumns(): Column<CaseRow>[] {
  const { t } = useMessages('console');
  const { date } = useFormats();
  const local = useLocalText();
  return [
    { id: 'number', name: t('caseNumber'), value: ({ number }) => number },
    {
      id: 'reason',
      name: t('reason'),
      value: ({ reason }) => {
        const known = reasons.find((one) => one === reason);
        return known === undefined ? reason : t(known);
      },
    },
    {
      id: 'created',
      name: t('created'),
      value: ({ createdAt }) => createdAt,
      show: ({ createdAt }) => date(createdAt),
    },
    { id: 'due', name: t('due'), value: ({ dueAt }) => dueAt, show: ({ dueAt }) => <b>{date(dueAt)}</b> },
    { id: 'institution', name: t('institution'), value: ({ institution }) => local(institution) },
    {
      id: 'entry',
      name: t('entry'),
      value: ({ entry }) => entry?.index ?? '',
      show: ({ entry }) =>
        entry === null ? '' : <Link href={`/console/entries/${entry.log}/${entry.index}`}>{entry.index}</Link>,
    },
  ];
}
