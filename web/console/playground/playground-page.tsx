import './playground.css';
import { useEffect, useState } from 'react';
import type { BackendView, DecisionGrid, TenantView } from '../../../src/api/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { LawState } from '../law/law-state.tsx';
import { useConsole } from '../use-console.ts';
import { AnswerColumn } from './answer-column.tsx';
import { type ChatWish, keepDraft, readDraft } from './chat-wish.ts';
import { type Choices, PlaygroundForm } from './playground-form.tsx';
import { saveComparison } from './save-comparison.ts';
import { useColumns } from './use-columns.ts';

const STILL_MS = 60_000;
const COLUMNS_FIRST = 2;

/** One question to several models, side by side, on the way that every request takes. */
export default function PlaygroundPage() {
  const { t } = useMessages('playground');
  const [draft, setDraft] = useState(readDraft);
  const grid = useConsole<DecisionGrid>('grid', STILL_MS);
  const backends = useConsole<{ backends: readonly BackendView[] }>('backends', STILL_MS);
  const tenants = useConsole<{ tenants: readonly TenantView[] }>('tenants', STILL_MS);
  const { columns, start, again, stop, stopAll } = useColumns();
  useEffect(() => keepDraft(draft), [draft]);
  const isRunning = columns.some(({ state }) => state === 'running');
  if (grid.data === undefined || tenants.data === undefined || backends.data === undefined) {
    return (
      <>
        <PageHeading title={t('playground')} />
        <LawState error={grid.error ?? tenants.error ?? backends.error} />
      </>
    );
  }
  const choices = {
    tenants: tenants.data.tenants,
    levels: [...new Set(grid.data.rows.map(({ level }) => level))],
    models: ['auto', ...grid.data.models],
  };
  const served = choices.models.filter((model) => backends.data.backends.some((backend) => backend.model === model));
  const wish = complete(draft, choices, served);
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('playground')} />
      </header>
      <p className="section-lead">{t('lead')}</p>
      <PlaygroundForm
        wish={wish}
        choices={choices}
        isRunning={isRunning}
        onWish={setDraft}
        onAsk={() => start(wish)}
        onStop={stopAll}
      />
      {columns.length === 0 ? (
        <p className="quiet">{t('nothingAsked')}</p>
      ) : (
        <section aria-label={t('answers')}>
          <p className="only-print asked">{columns[0]?.wish.prompt}</p>
          <div className="answer-columns">
            {columns.map((column, at) => (
              <AnswerColumn
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                key={at}
                column={column}
                onStop={() => stop(at)}
                onAgain={() => again(at, column)}
              />
            ))}
          </div>
          <div className="row no-print">
            <button type="button" className="button" disabled={isRunning} onClick={() => saveComparison(columns, 'md')}>
              {t('saveMarkdown')}
            </button>
            <button
              type="button"
              className="button"
              disabled={isRunning}
              onClick={() => saveComparison(columns, 'json')}
            >
              {t('saveJson')}
            </button>
          </div>
        </section>
      )}
    </>
  );
}

/** What was not chosen, or is no longer in the charter, is the first that there is. */
function complete(draft: ChatWish, { tenants, models }: Choices, served: readonly string[]): ChatWish {
  const tenant = tenants.find(({ id }) => id === draft.tenant) ?? tenants[0];
  const purposes = tenant?.purposes ?? [];
  const known = draft.models.filter((model) => models.includes(model));
  return {
    ...draft,
    tenant: tenant?.id ?? '',
    purpose: purposes.includes(draft.purpose) ? draft.purpose : (purposes[0] ?? ''),
    models: known.length > 0 ? known : [...served, 'auto', 'auto'].slice(0, COLUMNS_FIRST),
  };
}
