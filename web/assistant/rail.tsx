import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import type { ConversationList, ConversationSummary } from '../../src/assistant/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { useDescription } from '../shared/api/use-description.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { conversationsKey } from './use-conversation.ts';
import { useSearch } from './use-search.ts';

const SHOWN = 20;

/** Conversations beside the page, where there is room; elsewhere `/conversations` has them. */
export function Rail({ current }: { readonly current: string }) {
  const { t } = useMessages('assistant');
  const days = useDescription()?.keepDays ?? '…';
  const { data } = useQuery({
    queryKey: conversationsKey,
    queryFn: () => callApi<ConversationList>(`/api/conversations?limit=${SHOWN}`),
  });
  const [typed, setTyped] = useState('');
  const hits = useSearch(typed);
  const id = useId();
  const today = new Date().toDateString();
  const isToday = ({ updatedAt }: ConversationSummary) => new Date(updatedAt).toDateString() === today;
  const conversations = data?.conversations ?? [];
  return (
    <nav className="rail no-print" aria-label={t('conversations')}>
      <Link className="button" href="/">
        <Plus className="icon" aria-hidden="true" /> {t('newQuestion')}
      </Link>
      <div className="field rail-search">
        <label htmlFor={id}>{t('search')}</label>
        <input
          id={id}
          type="search"
          maxLength={200}
          dir="auto"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {hits === undefined ? (
        <>
          <RailGroup title={t('today')} items={conversations.filter(isToday)} current={current} />
          <RailGroup title={t('earlier')} items={conversations.filter((one) => !isToday(one))} current={current} />
        </>
      ) : (
        <RailGroup title={t('found')} items={hits.conversations} current={current} />
      )}
      <p role="status" className="hint rail-note">
        {hits?.conversations.length === 0 ? t('noHits') : ''}
      </p>
      <p className="hint rail-note">
        {t('kept', { days })} <Link href="/conversations">{t('deleteAll')}</Link>
      </p>
    </nav>
  );
}

interface RailGroupProps {
  readonly title: string;
  readonly items: readonly ConversationSummary[];
  readonly current: string;
}

function RailGroup({ title, items, current }: RailGroupProps) {
  if (items.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <Link href={`/c/${item.id}`} dir="auto" aria-current={item.id === current ? 'page' : undefined}>
              {item.title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
