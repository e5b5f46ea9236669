import { Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { OverviewView } from '../../src/api/schema.ts';
import { Lanes } from '../shared/charts/lanes.tsx';
import { lanesOf } from '../shared/charts/lanes-of.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { BackendsTable } from './backends-table.tsx';
import { ClockList } from './clock-list.tsx';
import { ConsoleState } from './console-state.tsx';
import { useConsole } from './use-console.ts';

interface OfOverview {
  readonly view: OverviewView;
}

/** The five questions in figures, where requests ran, what runs out, what serves. */
export function OverviewPage() {
  const { t } = useMessages('console');
  const { moment } = useFormats();
  const { data, error } = useConsole<OverviewView>('overview');
  return (
    <>
      <header className="work-head">
        <div>
          <PageHeading title={t('overview')} />
          <p className="quiet">{data === undefined ? null : t('at', { moment: moment(data.record.at) })}</p>
        </div>
        <button type="button" className="button no-print" onClick={() => print()}>
          <Printer className="icon" aria-hidden="true" /> {t('print')}
        </button>
      </header>
      {data === undefined ? (
        <ConsoleState error={error} />
      ) : (
        <>
          <FiveFigures view={data} />
          <div className="columns">
            <Ran view={data} />
            <ClockList clocks={data.clocks} />
          </div>
          <section className="section">
            <h2>{t('backends')}</h2>
            <BackendsTable backends={data.backends} isShort={true} />
          </section>
        </>
      )}
    </>
  );
}

interface FigureProps {
  readonly title: string;
  readonly figure: number;
  readonly says: string;
  readonly link: ReactNode;
}

function Figure({ title, figure, says, link }: FigureProps) {
  const { number } = useFormats();
  return (
    <li>
      <h2>{title}</h2>
      <p>
        <b className="five-figure">{number(figure)}</b> {says}
      </p>
      <p>{link}</p>
    </li>
  );
}

function FiveFigures({ view: { record, policies, backends } }: OfOverview) {
  const { t } = useMessages('console');
  const home = record.day.places
    .filter(({ place }) => place === 'in-country')
    .reduce((sum, { count }) => sum + count, 0);
  const red = record.charter.redLineClauses;
  const documents = record.collection.reduce((sum, one) => sum + one.documents, 0);
  const away = backends.filter(({ inCountry }) => !inCountry).length;
  const abroad = record.day.answered - home;
  return (
    <ul className="five">
      <Figure
        title={t('fiveRun')}
        figure={home}
        says={t('fiveRunText', { abroad })}
        link={<Link href="/console/entries?hours=24&ended=complete">{t('entries')}</Link>}
      />
      <Figure
        title={t('fiveData')}
        figure={record.day.personalAbroad}
        says={t('fiveDataText')}
        link={<Link href="/console/entries?hours=24&place=abroad&caveat=any">{t('entries')}</Link>}
      />
      <Figure
        title={t('fiveLaw')}
        figure={policies}
        says={t('fiveLawText', { red })}
        link={<Link href="/console/policies">{t('policies')}</Link>}
      />
      <Figure
        title={t('fiveWords')}
        figure={documents}
        says={t('fiveWordsText', { languages: record.collection.length })}
        link={<Link href="/console/charter">{t('charter')}</Link>}
      />
      <Figure
        title={t('fiveDepend')}
        figure={away}
        says={t('fiveDependText')}
        link={<Link href="/console/backends">{t('backends')}</Link>}
      />
    </ul>
  );
}

function Ran({ view: { record } }: OfOverview) {
  const { t } = useMessages('console');
  const { time } = useFormats();
  const { hours } = record;
  const lanes = lanesOf(hours, {
    names: { inCountry: t('laneIn'), abroad: t('laneAbroad'), refused: t('laneRefused') },
    say: (name, sum, max) => t('laneSay', { name, sum, max }),
    hrefs: {
      inCountry: '/console/entries?hours=24&ended=complete&place=in-country',
      abroad: '/console/entries?hours=24&ended=complete&place=abroad',
      refused: '/console/entries?hours=24&ended=refused',
    },
  });
  const ticks = hours.map(({ from }, hour) => {
    if (hour === hours.length - 1) return t('now');
    return hour % 6 === 0 ? time(from) : '';
  });
  return (
    <section className="section">
      <h2>{t('ran')}</h2>
      <p className="section-lead">
        {t('ranLead')} <Link href="/console/entries?hours=24">{t('entriesInLog')}</Link>
      </p>
      <Lanes lanes={lanes} ticks={ticks} />
    </section>
  );
}
