import { useQuery } from '@tanstack/react-query';
import { ListTree } from 'lucide-react';
import { Link } from 'wouter';
import type { RecordView } from '../../src/record/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { Growth } from '../shared/charts/growth.tsx';
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
  const record = useQuery({ queryKey: ['record'], queryFn: () => callApi<RecordView>('/api/record') });
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('log')} />
        <Link className="button no-print" href="/console/entries">
          <ListTree className="icon" aria-hidden="true" /> {t('entries')}
        </Link>
      </header>
      <p className="section-lead">{t('logLead')}</p>
      {data === undefined ? (
        <ConsoleState error={error} />
      ) : (
        data.map((log) => (
          <OneLog
            key={log.name}
            log={log}
            days={log.family === 'decisions' && log.state === 'active' ? (record.data?.days ?? []) : []}
          />
        ))
      )}
    </>
  );
}

interface OneLogProps {
  readonly log: LogView;
  /** Entries by day, where they are counted. */
  readonly days: RecordView['days'];
}

function OneLog({ log, days }: OneLogProps) {
  const { t } = useMessages('console');
  const { number } = useFormats();
  return (
    <section className="section">
      <h2>{log.name}</h2>
      <p className="small breakable">
        <code>{log.origin}</code>
      </p>
      <div className="tree-head">
        <div>
          <h3>{t('treeHead')}</h3>
          <p className="tree-size">{number(log.size)}</p>
          <p className="small">
            {t('root')} <code title={log.root}>{`${log.root.slice(0, 4)} … ${log.root.slice(-5)}`}</code>
          </p>
        </div>
        <Witnesses policy={log.policy} />
        {days.length > 1 ? <LogGrowth size={log.size} days={days} /> : null}
      </div>
      <h3>{t('fullCheck')}</h3>
      <LogCheckLine log={log} />
      <LogBytes log={log} />
    </section>
  );
}

/** The policy is a text of lines: `witness <name> <key>`, `group …`, `quorum <name>`. */
function Witnesses({ policy }: { readonly policy: string }) {
  const { t } = useMessages('console');
  const lines = policy.split('\n').map((line) => line.split(' '));
  const names = lines.filter(([word]) => word === 'witness').map(([, name]) => name ?? '');
  const quorum = lines.find(([word]) => word === 'quorum')?.[1] ?? 'none';
  return (
    <div>
      <h3>{t('witnesses')}</h3>
      <p className="small">{quorum === 'none' ? t('noWitnesses') : t('someWitnesses', { quorum })}</p>
      <ul className="small">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </div>
  );
}

function LogGrowth({ size, days }: { readonly size: number; readonly days: RecordView['days'] }) {
  const { t } = useMessages('console');
  const { shortDate } = useFormats();
  const n = days.reduce((sum, { all }) => sum + all, 0);
  const sizes = [Math.max(0, size - n)];
  for (const { all } of days) sizes.push((sizes.at(-1) ?? 0) + all);
  return (
    <div>
      <h3>{t('growth')}</h3>
      <Growth sizes={sizes} says={t('growthText', { n })} />
      <p className="growth-ends hint" aria-hidden="true">
        <span>{shortDate((days[0]?.from ?? '').slice(0, 10))}</span>
        <span>{t('now')}</span>
      </p>
      <p className="small">{t('growthText', { n })}</p>
    </div>
  );
}

function LogBytes({ log }: { readonly log: LogView }) {
  const { t } = useMessages('console');
  return (
    <details className="log-bytes">
      <summary>{t('logKeys')}</summary>
      <dl className="pairs">
        <dt>{t('root')}</dt>
        <dd>
          <code>{log.root}</code>
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
    </details>
  );
}
