import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { LogCheckLine } from '../shared/log/log-check-line.tsx';
import { type LogView, useLogs } from '../shared/log/use-logs.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ConsoleState } from './console-state.tsx';

/** Tree heads, and a full check of each log in this browser. */
export function LogPage() {
  const { t } = useMessages('console');
  const { data, error } = useLogs();
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('log')} />
      </header>
      <p className="section-lead">{t('logLead')}</p>
      {data === undefined ? <ConsoleState error={error} /> : data.map((log) => <OneLog key={log.name} log={log} />)}
    </>
  );
}

function OneLog({ log }: { readonly log: LogView }) {
  const { t } = useMessages('console');
  const { number } = useFormats();
  return (
    <section className="section">
      <h2>{log.name}</h2>
      <div className="tree-head">
        <p>
          <span className="hint">{t('treeHead')}</span>
          <b className="tree-size">{number(log.size)}</b>
        </p>
        <dl className="pairs">
          <dt>{t('root')}</dt>
          <dd>
            <code>{log.root}</code>
          </dd>
          <dt>{t('origin')}</dt>
          <dd>
            <code>{log.origin}</code>
          </dd>
          <dt>{t('key')}</dt>
          <dd>
            <code>{log.vkeys.join(' ')}</code>
          </dd>
          <dt>{t('policy')}</dt>
          <dd>
            <code>{log.policy.trim()}</code>
          </dd>
        </dl>
      </div>
      <h3>{t('fullCheck')}</h3>
      <LogCheckLine log={log} />
    </section>
  );
}
