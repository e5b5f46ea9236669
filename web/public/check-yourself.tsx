import { FileText } from 'lucide-react';
import { Link } from 'wouter';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { LogCheckLine } from '../shared/log/log-check-line.tsx';
import { type LogView, useLogs } from '../shared/log/use-logs.ts';
import { State } from '../shared/marks/state-shape.tsx';
import { ReceiptNumber } from './receipt-number.tsx';

/** Receipt, logs, commands: nothing of this page has to be believed. */
export function CheckYourself() {
  const { t } = useMessages('public');
  const logs = useLogs().data ?? [];
  return (
    <section className="question">
      <h2>{t('checkTitle')}</h2>
      <div>
        <ReceiptNumber given="" />
        <p className="row check-more">
          <Link className="button" href="/record/receipt">
            <FileText className="icon" aria-hidden="true" /> {t('checkReceipt')}
          </Link>
          <Link className="button" href="/record/entries">
            {t('entriesTitle')}
          </Link>
        </p>
        <LogsTable logs={logs} />
        <Commands log={logs.find(({ family }) => family === 'decisions')} />
      </div>
    </section>
  );
}

function LogsTable({ logs }: { readonly logs: readonly LogView[] }) {
  const { t } = useMessages('public');
  const { number } = useFormats();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label={t('log')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('log')}</th>
            <th scope="col" className="number">
              {t('logEntries')}
            </th>
            <th scope="col">{t('logRoot')}</th>
            <th scope="col">{t('logState')}</th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <tr key={log.name}>
              <th scope="row">
                {log.name}
                <LogCheckLine log={log} />
              </th>
              <td className="number">{number(log.size)}</td>
              <td>
                <code>{`${log.root.slice(0, 4)} … ${log.root.slice(-5)}`}</code>
              </td>
              <td>
                <State kind={log.state === 'active' ? 'holds' : 'idle'}>
                  {log.state === 'active' ? t('logActive') : t('logFrozen')}
                </State>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Commands({ log }: { readonly log: LogView | undefined }) {
  const { t } = useMessages('public');
  const { origin } = location;
  return (
    <>
      <h3 id="commands">{t('commandsTitle')}</h3>
      <p>{t('commandsText')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>
          {`${t('commandOne')}
./polity verify receipt.json
./polity verify --log decisions --url ${origin}

${t('commandTwo')}
curl -s ${origin}${log?.prefix ?? '/log/decisions'}/checkpoint
curl -s ${origin}/.well-known/polity`}
        </code>
      </pre>
    </>
  );
}
