import type { BackendState, BackendView } from '../../src/api/schema.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { State, type StateKind } from '../shared/marks/state-shape.tsx';
import { type Column, DataTable } from './data-table.tsx';

const kinds: Readonly<Record<BackendState, StateKind>> = {
  serving: 'holds',
  limited: 'limited',
  held: 'fails',
  idle: 'idle',
};

/** Backends with what the charter says of them and what is seen now. */
export function BackendsTable({ backends }: { readonly backends: readonly BackendView[] }) {
  const { t } = useMessages('console');
  return <DataTable name="backends" columns={useColumns()} rows={backends} rowKey={({ id }) => id} empty={t('idle')} />;
}

function useColumns(): Column<BackendView>[] {
  const { t } = useMessages('console');
  const { regionName } = useFormats();
  return [
    { id: 'backend', name: t('backend'), value: ({ id }) => id, show: (row) => <BackendName row={row} /> },
    {
      id: 'where',
      name: t('where'),
      value: ({ jurisdiction }) => regionName(jurisdiction),
      show: ({ inCountry, jurisdiction }) => (
        <Where place={inCountry ? 'in-country' : 'abroad'}>{regionName(jurisdiction)}</Where>
      ),
    },
    {
      id: 'operator',
      name: t('operator'),
      value: ({ operator, parentJurisdiction }) => t('underLaw', { operator, parent: regionName(parentJurisdiction) }),
    },
    {
      id: 'state',
      name: t('state'),
      value: ({ state, obstacle }) => t(state, { why: obstacle ?? '' }),
      show: ({ state, obstacle }) => <State kind={kinds[state]}>{t(state, { why: obstacle ?? '' })}</State>,
    },
    {
      id: 'clearance',
      name: t('clearance'),
      value: ({ clearance }) => [clearance.level, ...clearance.caveats].join('; '),
    },
    { id: 'answers', name: t('answers'), isNumber: true, value: ({ answers }) => answers },
    {
      id: 'evidence',
      name: t('evidence'),
      isNumber: true,
      value: ({ evidenceAgeDays }) => evidenceAgeDays ?? -1,
      show: ({ evidenceAgeDays: age }) => (age === null ? t('noEvidence') : <EvidenceAge days={age} />),
    },
  ];
}

function BackendName({ row }: { readonly row: BackendView }) {
  const { t } = useMessages('console');
  return (
    <>
      <b className="label">{row.id}</b>
      <br />
      <span className="quiet">{row.model ?? t('noModel')}</span>
    </>
  );
}

const AWAY_DAYS = 30;
const STALE_DAYS = 90;

/** A value that grows old says so before it counts for nothing. */
function EvidenceAge({ days }: { readonly days: number }) {
  const { t } = useMessages('console');
  const tone = days >= STALE_DAYS ? 'state state-no' : days >= AWAY_DAYS ? 'state state-away' : undefined;
  return <span className={tone}>{t('inDays', { n: days })}</span>;
}
