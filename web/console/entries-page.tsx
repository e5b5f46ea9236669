import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { EntryPage as Page, StaffEntry } from '../../src/record/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ConsoleState } from './console-state.tsx';
import { type Column, DataTable } from './data-table.tsx';

/** Entries of decisions, newest first: the door behind every number of the console. */
export function EntriesPage() {
  const { t } = useMessages('console');
  const [filter, setFilter] = useState(() => Object.fromEntries(new URLSearchParams(readSearch())));
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
  const pages = useInfiniteQuery({
    queryKey: ['console', 'entries', query],
    queryFn: ({ pageParam }) =>
      callApi<Page<StaffEntry>>(
        `/api/console/entries?${query}${pageParam === '' ? '' : `&before=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const entries = pages.data?.pages.flatMap((page) => page.entries);
  const columns = useColumns();
  return (
    <>
      <header className="work-head">
        <PageHeading title={t('entries')} />
        <FindEntry log={entries?.[0]?.log} />
      </header>
      <Filters filter={filter} onFilter={setFilter} />
      {entries === undefined ? (
        <ConsoleState error={pages.error} />
      ) : (
        <DataTable
          name="entries"
          columns={columns}
          rows={entries}
          rowKey={keyOf}
          empty={t('noEntries')}
          csv={`/api/console/entries.csv?${query}`}
        />
      )}
      {pages.hasNextPage ? (
        <button type="button" className="button no-print" onClick={() => void pages.fetchNextPage()}>
          {t('older')}
        </button>
      ) : null}
    </>
  );
}

const keyOf = ({ log, index }: StaffEntry) => `${log} ${index}`;

/** The address decides how the page begins; the selects go on from there. */
function readSearch(): string {
  return location.search;
}

/** By number, in the newest log. */
function FindEntry({ log }: { readonly log: string | undefined }) {
  const { t } = useMessages('console');
  const [, go] = useLocation();
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const number = String(new FormData(event.currentTarget).get('number')).replaceAll(/\D/g, '');
    if (log !== undefined && number !== '') go(`/console/entries/${log}/${number}`);
  };
  return (
    <form className="row find-entry no-print" onSubmit={find}>
      <label className="field">
        <span className="hint">{t('entryNumber')}</span>
        <input name="number" inputMode="numeric" pattern="[\d\s]+" required={true} />
      </label>
      <button type="submit" className="button">
        {t('open')}
      </button>
    </form>
  );
}

interface FiltersProps {
  readonly filter: Readonly<Record<string, string>>;
  onFilter(filter: Record<string, string>): void;
}

function Filters({ filter, onFilter }: FiltersProps) {
  const { t } = useMessages('console');
  const set = (name: string, value: string) => onFilter({ ...filter, [name]: value });
  return (
    <div className="row filters no-print">
      <label className="field">
        <span className="hint">{t('ending')}</span>
        <select value={filter.ended ?? ''} onChange={(event) => set('ended', event.target.value)}>
          <option value="">{t('anyKind')}</option>
          <option value="complete">{t('complete')}</option>
          <option value="refused">{t('refused')}</option>
          <option value="failed">{t('failed')}</option>
          <option value="unfinished">{t('unfinished')}</option>
        </select>
      </label>
      <label className="field">
        <span className="hint">{t('where')}</span>
        <select value={filter.place ?? ''} onChange={(event) => set('place', event.target.value)}>
          <option value="">{t('anywhere')}</option>
          <option value="in-country">{t('inCountry')}</option>
          <option value="abroad">{t('abroad')}</option>
          <option value="not-sent">{t('notSent')}</option>
        </select>
      </label>
      <label className="field">
        <span className="hint">{t('clause')}</span>
        <input value={filter.clause ?? ''} onChange={(event) => set('clause', event.target.value)} />
      </label>
      <label className="field">
        <span className="hint">{t('class')}</span>
        <select value={filter.caveat ?? ''} onChange={(event) => set('caveat', event.target.value)}>
          <option value="">{t('anyData')}</option>
          <option value="any">{t('anyCaveat')}</option>
        </select>
      </label>
      <label className="field">
        <span className="hint">{t('backend')}</span>
        <input value={filter.backend ?? ''} onChange={(event) => set('backend', event.target.value)} />
      </label>
    </div>
  );
}

function useColumns(): Column<StaffEntry>[] {
  const { t } = useMessages('console');
  const { number, shortDate, time, regionName } = useFormats();
  return [
    {
      id: 'entry',
      name: t('entry'),
      value: ({ index }) => Number(index),
      show: ({ log, index }) => <Link href={`/console/entries/${log}/${index}`}>{number(BigInt(index))}</Link>,
    },
    {
      id: 'time',
      name: t('time'),
      value: (row) => row.time,
      show: (row) => <span className="one-line">{`${shortDate(row.time)} ${time(row.time)}`}</span>,
    },
    { id: 'kind', name: t('kind'), value: ({ ended, kind }) => (ended === 'complete' ? t(kind) : t(ended)) },
    {
      id: 'where',
      name: t('where'),
      value: ({ jurisdiction }) => (jurisdiction === null ? t('notSent') : regionName(jurisdiction)),
      show: ({ place, jurisdiction }) => (
        <span className="one-line">
          <Where place={place}>{jurisdiction === null ? t('notSent') : regionName(jurisdiction)}</Where>
        </span>
      ),
    },
    { id: 'class', name: t('class'), value: ({ level, caveats }) => [level, ...caveats].join('; ') },
    { id: 'clause', name: t('clause'), value: ({ clauses }) => clauses.join(', ') },
    { id: 'tenant', name: t('tenant'), value: ({ tenant }) => tenant },
    { id: 'purpose', name: t('purpose'), value: ({ purpose }) => purpose },
    {
      id: 'commitment',
      name: t('commitment'),
      value: ({ commitment }) => commitment,
      show: ({ commitment }) => (
        <code className="one-line">{`${commitment.slice(0, 4)} ${commitment.slice(4, 8)}`}</code>
      ),
    },
  ];
}
