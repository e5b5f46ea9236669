import { Printer, Scale } from 'lucide-react';
import { Link } from 'wouter';
import type { EntryView } from '../../src/api/schema.ts';
import type { StaffEntry } from '../../src/record/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ConsoleState } from './console-state.tsx';
import { DecisionChainView } from './law/pages.ts';
import { useConsole } from './use-console.ts';

/** One entry: what the signed receipt says, and why it was decided so by the law of that time. */
export function EntryPage({ log, index }: { readonly log: string; readonly index: string }) {
  const { t } = useMessages('console');
  const { number } = useFormats();
  const { data, error } = useConsole<EntryView>(`entries/${log}/${index}`, 60_000);
  const title = /^\d+$/.test(index) ? t('entryTitle', { n: number(BigInt(index)) }) : t('noSuchEntry');
  return (
    <>
      <p className="small">
        <Link href="/console/entries">{t('entries')}</Link> / {log}
      </p>
      <header className="work-head">
        <PageHeading title={title}>
          {data === undefined ? title : t(data.chain?.outcome === 'denied' ? 'whyRefused' : 'whyAllowed')}
        </PageHeading>
        <div className="row no-print">
          {data?.chain == null ? null : (
            <Link className="button" href={`/console/decide?${factsOf(data.entry)}`}>
              <Scale className="icon" aria-hidden="true" /> {t('tryFacts')}
            </Link>
          )}
          <button type="button" className="button" onClick={() => print()}>
            <Printer className="icon" aria-hidden="true" /> {t('print')}
          </button>
        </div>
      </header>
      {data === undefined ? <ConsoleState error={error} /> : <Entry view={data} />}
    </>
  );
}

function factsOf({ tenant, purpose, level, caveats, requestedModel, kind }: StaffEntry): string {
  return new URLSearchParams({
    tenant,
    purpose,
    level,
    caveats: caveats.join(),
    model: requestedModel,
    mode: kind,
  }).toString();
}

function Entry({ view: { entry, chain } }: { readonly view: EntryView }) {
  const { t } = useMessages('console');
  return (
    <>
      <p className="section-lead">{t('noText')}</p>
      <Facts entry={entry} />
      {chain === null ? <p>{t('noChain')}</p> : <DecisionChainView chain={chain} />}
    </>
  );
}

function Facts({ entry }: { readonly entry: StaffEntry }) {
  const { t } = useMessages('console');
  const { number, regionName, shortDate, time } = useFormats();
  const pairs = [
    [t('entry'), `${entry.log}, ${number(BigInt(entry.index))}`],
    [t('time'), `${shortDate(entry.time)} ${time(entry.time)}`],
    [t('ending'), t(entry.ended)],
    [t('backend'), entry.backend ?? '—'],
    [t('model'), entry.model ?? '—'],
    [t('tokens'), `${number(entry.tokensIn)} / ${number(entry.tokensOut)}`],
    [t('commitment'), entry.commitment],
  ];
  return (
    <dl className="pairs entry-facts">
      <dt>{t('where')}</dt>
      <dd>
        <Where place={entry.place}>{entry.jurisdiction === null ? t('notSent') : regionName(entry.jurisdiction)}</Where>
      </dd>
      {pairs.map(([term, value]) => (
        <Pair key={term} term={term ?? ''} value={value ?? ''} />
      ))}
    </dl>
  );
}

function Pair({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd className="breakable">{value}</dd>
    </>
  );
}
