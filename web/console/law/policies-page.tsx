import './law.css';
import { Download } from 'lucide-react';
import { useState } from 'react';
import type { PolicyView } from '../../../src/api/schema.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { saveCsv } from '../save-csv.ts';
import { useConsole } from '../use-console.ts';
import { LawState } from './law-state.tsx';
import { PolicyClause } from './policy-clause.tsx';

const STILL_MS = 60_000;

/** Every clause in force, in the order in which it is read, each down to its text. */
export function PoliciesPage() {
  const { t } = useMessages('law');
  const [words, setWords] = useState('');
  const local = useLocalText();
  const { data, error } = useConsole<{ policies: readonly PolicyView[] }>('policies', STILL_MS);
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const shown = (data?.policies ?? []).filter((policy) => {
    const text =
      `${policy.id} ${policy.name} ${local(policy.sentence)} ${policy.legalBasis} ${policy.owner}`.toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const columns = useCsvColumns();
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('policies')} />
        <button type="button" className="button no-print" onClick={() => saveCsv('policies', columns, shown)}>
          <Download className="icon" aria-hidden="true" /> {t('csv')}
        </button>
      </header>
      <p className="section-lead">{t('policiesLead')}</p>
      <label className="field law-filter no-print">
        <span className="hint">{t('filter')}</span>
        <input type="search" value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      {data === undefined ? <LawState error={error} /> : null}
      {data !== undefined && shown.length === 0 ? <p>{t('none')}</p> : null}
      <PolicyGroup title={t('redLines')} policies={shown.filter(({ set }) => set === 'red-lines')} />
      <PolicyGroup title={t('ownLaw')} policies={shown.filter(({ set }) => set === 'law')} />
    </>
  );
}

function useCsvColumns() {
  const { t } = useMessages('law');
  const local = useLocalText();
  return [
    { name: t('clause'), value: ({ id }: PolicyView) => id },
    { name: t('effect'), value: ({ effect }: PolicyView) => effect },
    { name: t('policies'), value: ({ sentence }: PolicyView) => local(sentence) },
    { name: t('basis'), value: ({ legalBasis }: PolicyView) => legalBasis },
    { name: t('owner'), value: ({ owner }: PolicyView) => owner },
    { name: t('review'), value: ({ reviewDate }: PolicyView) => reviewDate },
  ];
}

function PolicyGroup({ title, policies }: { readonly title: string; readonly policies: readonly PolicyView[] }) {
  if (policies.length === 0) return null;
  return (
    <section className="section">
      <h2>{title}</h2>
      {policies.map((policy) => (
        <PolicyClause key={policy.id} policy={policy} />
      ))}
    </section>
  );
}
