import type { ReactNode } from 'react';
import type { RecordView } from '../../src/record/schema.ts';
import { type Lane, Lanes } from '../shared/charts/lanes.tsx';
import { lanesOf } from '../shared/charts/lanes-of.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { shortDigest } from '../shared/receipt/describe-receipt.ts';

interface OfRecord {
  readonly record: RecordView;
}

/** One statement and its evidence for each of the five questions. */
export function FiveQuestions({ record }: OfRecord) {
  return (
    <>
      <WhereModelsRun record={record} />
      <WhereDataSits record={record} />
      <WhichStandards record={record} />
      <WhoseLanguage record={record} />
      <WhichDependencies record={record} />
    </>
  );
}

interface QuestionProps {
  readonly number: number;
  readonly title: string;
  readonly says: ReactNode;
  readonly children?: ReactNode;
}

function Question({ number, title, says, children }: QuestionProps) {
  return (
    <section className="question">
      <h2>
        <span className="question-number">{number}</span> {title}
      </h2>
      <div>
        <p className="question-says">{says}</p>
        {children}
      </div>
    </section>
  );
}

function Evidence({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="evidence">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function WhereModelsRun({ record }: OfRecord) {
  const { t } = useMessages('public');
  const { regionName, shortDate } = useFormats();
  const away = record.backends.filter(({ inCountry }) => !inCountry).length;
  const n = record.backends.length - away;
  const lanes = useLanes(record);
  return (
    <Question number={1} title={t('q1')} says={away === 0 ? t('q1In', { n }) : t('q1Out', { n, away })}>
      <ul className="evidence-list">
        {record.backends.map(({ id, model, jurisdiction, operator, inCountry }) => (
          <li key={id}>
            <Where place={inCountry ? 'in-country' : 'abroad'}>{regionName(jurisdiction)}</Where> <code>{id}</code>{' '}
            {model ?? t('backendNoModel')}. <span className="quiet">{operator}</span>
          </li>
        ))}
      </ul>
      {record.days.length === 0 ? null : (
        <figure>
          <Lanes
            lanes={lanes}
            ticks={record.days.map(({ from }, day) => (day % 13 === 0 ? shortDate(from.slice(0, 10)) : ''))}
          />
          <figcaption className="hint">
            {t('perDay')} <a href="/api/record/days.csv">{t('tableCsv')}</a>
          </figcaption>
        </figure>
      )}
    </Question>
  );
}

function useLanes({ days }: RecordView): Lane[] {
  const { t } = useMessages('public');
  return lanesOf(days, {
    names: { inCountry: t('laneIn'), abroad: t('laneAbroad'), refused: t('laneRefused') },
    say: (name, sum, max) => t('laneSay', { name, sum, max }),
  });
}

function WhereDataSits({ record }: OfRecord) {
  const { t } = useMessages('public');
  const { number } = useFormats();
  const rows = [
    [t('q2Abroad'), number(record.day.personalAbroad)],
    [t('q2Read'), t('notYet')],
  ] as const;
  return (
    <Question number={2} title={t('q2')} says={t('q2Text')}>
      <Evidence rows={rows} />
    </Question>
  );
}

function WhichStandards({ record: { charter } }: OfRecord) {
  const { t } = useMessages('public');
  const { date } = useFormats();
  const since = charter.adoptedAt === null ? '—' : date(charter.adoptedAt);
  const rows = [
    [t('charterSince', { date: since }), <code key="charter">{shortDigest(charter.digest)}</code>] as const,
    ...charter.redLines.map(
      ({ set, sha256 }) => [t('redLine', { set }), <code key={set}>{shortDigest(sha256)}</code>] as const,
    ),
  ];
  return (
    <Question number={3} title={t('q3')} says={t('q3Text', { law: charter.lawClauses, red: charter.redLineClauses })}>
      <Evidence rows={rows} />
    </Question>
  );
}

function WhoseLanguage({ record }: OfRecord) {
  const { t } = useMessages('public');
  const { number, languageName } = useFormats();
  const rows = record.collection.map(
    ({ language, documents, checked }) =>
      [t('q4Docs', { language: languageName(language) }), t('q4Of', { n: documents, checked })] as const,
  );
  return (
    <Question number={4} title={t('q4')} says={t('q4Text')}>
      <Evidence rows={[...rows, [t('q4Contested'), number(record.contested.total)]]} />
    </Question>
  );
}

function WhichDependencies({ record: { backends, day } }: OfRecord) {
  const { t } = useMessages('public');
  const away = day.places.filter(({ place }) => place !== 'in-country').reduce((sum, { count }) => sum + count, 0);
  const share = day.answered === 0 ? 0 : Math.round((away / day.answered) * 1000) / 10;
  const isHome = backends.every(({ inCountry }) => inCountry);
  return (
    <Question number={5} title={t('q5')} says={isHome ? t('q5None') : t('q5Some', { share })}>
      <Evidence rows={[[t('q5Drill'), t('q5NoDrill')]]} />
    </Question>
  );
}
