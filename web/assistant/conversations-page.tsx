import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import type { ConversationList } from '../../src/assistant/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { DeleteStep } from './delete-step.tsx';
import { conversationsKey } from './use-conversation.ts';
import { useSearch } from './use-search.ts';

/** All conversations: search, export, delete. */
export function ConversationsPage() {
  const { t } = useMessages('assistant');
  const client = useQueryClient();
  const [query, setQuery] = useState('');
  const [status, setStatus] = useState('');
  const id = useId();
  const days = useDescription()?.keepDays ?? '…';
  const all = useAllConversations();
  const hits = useSearch(query);
  const words = query.trim();
  const list = words === '' ? all.conversations : (hits?.conversations ?? []);
  const removed = async (path: string) => {
    await callApi(path, { method: 'DELETE' });
    setStatus(t('deleted'));
    // The button that had the focus goes with its row.
    document.querySelector<HTMLElement>('.conversations h1')?.focus();
    client.removeQueries({ queryKey: ['conversation'] });
    await client.invalidateQueries({ queryKey: conversationsKey });
  };
  return (
    <main id="content" className="page conversations">
      <PageHeading title={t('conversations')} />
      <p className="hint">{t('kept', { days })}</p>
      <div className="field">
        <label htmlFor={id}>{t('search')}</label>
        <input
          id={id}
          type="search"
          maxLength={200}
          dir="auto"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <SearchNote words={words} hits={hits} isEmpty={all.isEmpty} />
      <ul className="conversation-list">
        {list.map((item) => (
          <ConversationRow key={item.id} item={item} onDelete={() => removed(`/api/conversations/${item.id}`)} />
        ))}
      </ul>
      {words === '' && all.hasMore ? (
        <p>
          <button type="button" className="button" onClick={all.more}>
            {t('more')}
          </button>
        </p>
      ) : null}
      {all.isEmpty ? null : <Everything onDelete={() => removed('/api/conversations')} />}
      <p role="status" className="hint">
        {status}
      </p>
    </main>
  );
}

function useAllConversations() {
  const pages = useInfiniteQuery({
    queryKey: [...conversationsKey, 'all'],
    queryFn: ({ pageParam }) =>
      callApi<ConversationList>(
        `/api/conversations?limit=30${pageParam === '' ? '' : `&after=${encodeURIComponent(pageParam)}`}`,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const conversations = pages.data?.pages.flatMap((page) => page.conversations) ?? [];
  return {
    conversations,
    isEmpty: pages.data !== undefined && conversations.length === 0,
    hasMore: pages.hasNextPage,
    more: () => void pages.fetchNextPage(),
  };
}

interface SearchNoteProps {
  readonly words: string;
  readonly hits: ConversationList | undefined;
  readonly isEmpty: boolean;
}

function SearchNote({ words, hits, isEmpty }: SearchNoteProps) {
  const { t } = useMessages('assistant');
  const searched = hits?.searched ?? 0;
  const note = () => {
    if (isEmpty) return t('noneYet');
    if (words === '' || hits === undefined) return '';
    if (hits.conversations.length === 0) return t('noHits');
    return searched < hits.total ? t('searchSome', { searched, total: hits.total }) : '';
  };
  return <p role="status">{note()}</p>;
}

function Everything({ onDelete }: { onDelete(): Promise<void> }) {
  const { t } = useMessages('assistant');
  return (
    <div className="row everything">
      <a className="button" href="/api/export?format=json" download>
        <Download className="icon" aria-hidden="true" /> {t('exportJson')}
      </a>
      <a className="button" href="/api/export?format=markdown" download>
        <Download className="icon" aria-hidden="true" /> {t('exportMarkdown')}
      </a>
      <DeleteStep label={t('deleteAll')} onDelete={onDelete} />
    </div>
  );
}
