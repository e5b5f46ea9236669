import { Link } from 'wouter';
import type { BackendState, BackendView } from '../../src/api/schema.ts';
import { SparkLine } from '../shared/charts/spark-line.tsx';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { State, type StateKind } from '../shared/marks/state-shape.tsx';
import { type Column, DataTable } from './data-table.tsx';

const kinds: Readonly<Record<BackendState, StateKind>> = {
  serving: 'holds',
  limited: 'limited',
  held: 'fails',
  failing: 'fails',
  idle: 'idle',
};

/** There is no room for all. */
const onOverview = ['backend', 'where', 'operator', 'state', 'load', 'first-word', 'p50', 'p95', 'answers', 'evidence'];
/** What changes first, so that it is seen without scrolling; what the charter says behind it. */
const onOwnPage = [
  ...['backend', 'where', 'state', 'running', 'p50', 'p95', 'tokens', 'price', 'first-word', 'load', 'answers'],
  ...['operator', 'clearance', 'evidence'],
];

interface BackendsTableProps {
  readonly backends: readonly BackendView[];
  /** Without what needs room. */
  readonly isShort?: boolean;
}

/** Backends with what the charter says of them and what is seen now. */
export function BackendsTable({ backends, isShort = false }: BackendsTableProps) {
  const { t } = useMessages('console');
  const all = [...useFacts(), ...useSpeeds()];
  const inOrder = (isShort ? onOverview : onOwnPage).flatMap((id) => all.filter((column) => column.id === id));
  return <DataTable name="backends" columns={inOrder} rows={backends} rowKey={({ id }) => id} empty={t('idle')} />;
}

/** What the charter says, and the state. */
function useFacts(): Column<BackendView>[] {
  const { t } = useMessages('console');
  const { regionName } = useFormats();
  return [
    { id: 'backend', name: t('backend'), value: ({ id }) => id, show: (row) => <BackendName row={row} /> },
    {
      id: 'where',
      name: t('where'),
      value: ({ jurisdiction }) => regionName(jurisdiction),
      show: ({ inCountry, jurisdiction }) => (
        <span className="one-line">
          <Where place={inCountry ? 'in-country' : 'abroad'}>{regionName(jurisdiction)}</Where>
        </span>
      ),
    },
    {
      id: 'operator',
      name: t('operator'),
      value: ({ operator, parentJurisdiction }) => t('underLaw', { operator, parent: regionName(parentJurisdiction) }),
      show: ({ operator, parentJurisdiction }) => (
        <span className="wide-cell">{t('underLaw', { operator, parent: regionName(parentJurisdiction) })}</span>
      ),
    },
    {
      id: 'state',
      name: t('state'),
      value: ({ state, obstacle, clearance }) => t(state, { why: obstacle ?? '', level: clearance.level }),
      show: (row) => <BackendNow row={row} />,
    },
    {
      id: 'clearance',
      name: t('clearance'),
      value: ({ clearance }) => [clearance.level, ...clearance.caveats].join('; '),
      show: ({ clearance }) => <span className="wide-cell">{[clearance.level, ...clearance.caveats].join('; ')}</span>,
    },
  ];
}

function BackendName({ row }: { readonly row: BackendView }) {
  const { t } = useMessages('console');
  return (
    <>
      <b className="label name-cell">{row.id}</b>
      <span className="quiet">{row.model ?? t('noModel')}</span>
    </>
  );
}

function BackendNow({ row: { state, obstacle, clearance, speed, live } }: { readonly row: BackendView }) {
  const { t } = useMessages('console');
  return (
    <>
      <span className={obstacle === null ? 'one-line' : undefined}>
        <State kind={kinds[state]}>{t(state, { why: obstacle ?? '', level: clearance.level })}</State>
      </span>
      {live.restSeconds > 0 ? (
        <span className="hint one-line">{t('resting', { n: Math.ceil(live.restSeconds) })}</span>
      ) : null}
      {speed.failed === 0 ? null : <span className="hint failed-hour">{t('failedHour', { n: speed.failed })}</span>}
    </>
  );
}

/** What the gateways measured, and what stands behind it. */
function useSpeeds(): Column<BackendView>[] {
  const { t } = useMessages('console');
  const { number, price } = useFormats();
  const time = (percentile: 'p50' | 'p95'): Column<BackendView> => ({
    id: percentile,
    name: t('seconds', { name: percentile }),
    isNumber: true,
    value: ({ speed }) => speed[`${percentile}Ms`] ?? -1,
    show: ({ speed }) => secondsOf(speed[`${percentile}Ms`]) ?? '–',
  });
  return [
    {
      id: 'load',
      name: t('load'),
      isNumber: true,
      value: ({ speed }) => Math.round(speed.load * 100),
      show: ({ speed }) => `${Math.round(speed.load * 100)} %`,
    },
    {
      id: 'running',
      name: t('running'),
      isNumber: true,
      value: ({ live }) => live.running,
      show: ({ live: { running, places, waiting } }) => (
        <>
          {t('places', { running, places })}
          {waiting === 0 ? null : <span className="hint one-line">{t('queue', { n: waiting })}</span>}
        </>
      ),
    },
    {
      id: 'tokens',
      name: t('tokensPerSecond'),
      isNumber: true,
      value: ({ live }) => live.tokensPerSecond ?? -1,
      show: ({ live: { tokensPerSecond } }) => (tokensPerSecond === null ? '–' : tokensPerSecond.toFixed(1)),
    },
    {
      id: 'price',
      name: t('price'),
      isNumber: true,
      value: ({ price }) => price.output,
      show: ({ price: { input, output, currency } }) => (
        <span className="one-line">{t('priceInOut', { input: price(input), output: price(output), currency })}</span>
      ),
    },
    {
      id: 'first-word',
      name: t('firstWord'),
      value: ({ speed }) => speed.medians.map((ms) => secondsOf(ms) ?? '').join(' '),
      show: (row) => <FirstWord row={row} />,
    },
    time('p50'),
    time('p95'),
    {
      id: 'answers',
      name: t('answers'),
      isNumber: true,
      value: ({ answers }) => answers,
      show: ({ id, answers }) => (
        <Link
          href={`/console/entries?hours=24&ended=complete&backend=${id}`}
          aria-label={t('answersOf', { name: id, n: number(answers) })}
        >
          {number(answers)}
        </Link>
      ),
    },
    {
      id: 'evidence',
      name: t('evidence'),
      isNumber: true,
      value: ({ evidenceAgeDays }) => evidenceAgeDays ?? -1,
      show: ({ evidenceAgeDays: age }) => (age === null ? t('noEvidence') : <EvidenceAge days={age} />),
    },
  ];
}

/** Two digits after the point, or none where nothing was measured. */
function secondsOf(ms: number | null): string | null {
  return ms === null ? null : (ms / 1000).toFixed(2);
}

function FirstWord({ row: { id, speed } }: { readonly row: BackendView }) {
  const { t } = useMessages('console');
  const seen = speed.medians.filter((ms) => ms !== null);
  if (seen.length === 0) return <span className="quiet one-line">{t('noTraffic')}</span>;
  const [from, to] = [Math.min(...seen), Math.max(...seen)].map((ms) => secondsOf(ms) ?? '');
  return <SparkLine values={speed.medians} says={t('sparkSay', { name: id, from: from ?? '', to: to ?? '' })} />;
}

const AWAY_DAYS = 30;
const STALE_DAYS = 90;

/** A value that grows old says so before it counts for nothing. */
function EvidenceAge({ days }: { readonly days: number }) {
  const { t } = useMessages('console');
  const tone = days >= STALE_DAYS ? 'state state-no' : days >= AWAY_DAYS ? 'state state-away' : undefined;
  return <span className={tone === undefined ? 'one-line' : `${tone} one-line`}>{t('inDays', { n: days })}</span>;
}
