import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import type { EntryPage, PublicEntry } from '../../src/record/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { Where } from '../shared/marks/jurisdiction-mark.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';

/** The entries behind a number, as anybody may see them. */
export function EntriesPage() {
  const { t } = useMessages('public');
  const query = useSearch();
  const pages = useInfiniteQuery({
    queryKey: ['entries', query],
    queryFn: ({ pageParam }) =>
      callApi<EntryPage<PublicEntry>>(
        `/api/record/entries?${query}${pageParam === '' ? '' : `&before=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const entries = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <main id="content" className="page entries">
      <PageHeading title={t('entriesTitle')} />
      <p className="lead">{t('entriesLead')}</p>
      <EntriesTable entries={entries} />
      {pages.isSuccess && entries.length === 0 ? <p>{t('noEntries')}</p> : null}
      {pages.hasNextPage ? (
        <p>
          <button type="button" className="button" onClick={() => void pages.fetchNextPage()}>
            {t('older')}
          </button>
        </p>
      ) : null}
    </main>
  );
}

const columns = ['entry', 'time', 'kind', 'where', 'class', 'clause', 'fingerprint'] as const;

function EntriesTable({ entries }: { readonly entries: readonly PublicEntry[] }) {
  const { t } = useMessages('public');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label={t('entriesTitle')}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={`${entry.log} ${entry.index}`} entry={entry} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const endings = { refused: 'kindRefused', failed: 'kindFailed', unfinished: 'kindUnfinished' } as const;

function EntryRow({ entry }: { readonly entry: PublicEntry }) {
  const { t } = useMessages('public');
  const { number, shortDate, time, regionName } = useFormats();
  const kind =
    entry.ended === 'complete' ? (entry.kind === 'quoted' ? 'kindQuoted' : 'kindChat') : endings[entry.ended];
  return (
    <tr>
      <th scope="row">{number(BigInt(entry.index))}</th>
      <td className="one-line">{`${shortDate(entry.time)} ${time(entry.time)}`}</td>
      <td>{t(kind)}</td>
      <td>
        <Where place={entry.place}>{entry.jurisdiction === null ? t('notSent') : regionName(entry.jurisdiction)}</Where>
      </td>
      <td>{entry.level}</td>
      <td>{entry.clauses.join(', ')}</td>
      <td>
        <code>{`${entry.commitment.slice(0, 4)} ${entry.commitment.slice(4, 8)}`}</code>
      </td>
    </tr>
  );
}
