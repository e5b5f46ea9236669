import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import type { ConversationList } from '../../src/assistant/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { conversationsKey } from './use-conversation.ts';

/** Conversations that hold every word; undefined while nothing was looked for or found yet. */
export function useSearch(typed: string): ConversationList | undefined {
  const query = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: [...conversationsKey, 'search', query],
    queryFn: () => callApi<ConversationList>('/api/conversations/search', { method: 'POST', body: { query } }),
    enabled: query !== '',
    placeholderData: (before) => before,
  });
  return query === '' ? undefined : data;
}
