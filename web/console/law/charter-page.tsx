import './law.css';
import { Printer } from 'lucide-react';
import type { CharterView } from '../../../src/api/schema.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { State } from '../../shared/marks/state-shape.tsx';
import { PageHeading } from '../../shared/shell/page-heading.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import { useConsole } from '../use-console.ts';
import { LawState } from './law-state.tsx';

const STILL_MS = 60_000;

/** The adopted charter: its files as they were adopted, and every version before. */
export function CharterPage() {
  const { t } = useMessages('law');
  const local = useLocalText();
  const { data, error } = useConsole<CharterView>('charter', STILL_MS);
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('charter')} />
        <button type="button" className="button no-print" onClick={() => print()}>
          <Printer className="icon" aria-hidden="true" /> {t('print')}
        </button>
      </header>
      {data === undefined ? (
        <LawState error={error} />
      ) : (
        <>
          <dl className="pairs entry-facts">
            <dt>{local(data.country)}</dt>
            <dd>{data.status}</dd>
            <dt>{t('digest')}</dt>
            <dd>
              <code>{data.digest}</code>
            </dd>
          </dl>
          <section className="section">
            <h2>{t('files')}</h2>
            {data.files.map((file) => (
              <CharterFile key={file.path} file={file} />
            ))}
          </section>
          <section className="section">
            <h2>{t('history')}</h2>
            <History view={data} />
          </section>
        </>
      )}
    </>
  );
}

function CharterFile({ file: { path, text, bytes } }: { readonly file: CharterView['files'][number] }) {
  const { t } = useMessages('law');
  const { number } = useFormats();
  return (
    <details className="charter-file">
      <summary>
        <code>{path}</code> <span className="hint">{t('bytes', { n: number(bytes) })}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{text}</code>
      </pre>
    </details>
  );
}

type Version = CharterView['history'][number];

function History({ view }: { readonly view: CharterView }) {
  const { t } = useMessages('law');
  const { moment } = useFormats();
  const columns: Column<Version>[] = [
    {
      id: 'digest',
      name: t('digest'),
      value: ({ digest }) => digest,
      show: ({ digest }) => <code>{`${digest.slice(0, 4)} ${digest.slice(4, 8)}`}</code>,
    },
    {
      id: 'status',
      name: t('status'),
      value: ({ status }) => status,
      show: ({ digest, status }) =>
        digest === view.digest ? <State kind="holds">{`${status}, ${t('inForce')}`}</State> : status,
    },
    {
      id: 'proposed',
      name: t('proposed'),
      value: ({ proposedAt }) => proposedAt,
      show: ({ proposedAt }) => moment(proposedAt),
    },
    {
      id: 'adopted',
      name: t('adopted'),
      value: ({ adoptedAt }) => adoptedAt ?? '',
      show: ({ adoptedAt }) => (adoptedAt === null ? t('waiting') : moment(adoptedAt)),
    },
  ];
  return (
    <DataTable
      name="charter-history"
      columns={columns}
      rows={view.history}
      rowKey={({ digest, adoptedAt }) => `${digest} ${adoptedAt}`}
      empty={t('none')}
    />
  );
}
