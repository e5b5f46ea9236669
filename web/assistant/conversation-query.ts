import { queryOptions, replaceEqualDeep } from '@tanstack/react-query';
import type { ConversationView } from '../../src/assistant/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { newerOf } from './conversation-tree.ts';

export const conversationKey = (id: string) => ['conversation', id] as const;

/** How a conversation is read. An answer that was on its way undoes nothing that the stream of a turn told meanwhile. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKey(id),
    queryFn: () => callApi<ConversationView>(`/api/conversations/${id}`),
    // A second tab may have asked meanwhile.
    staleTime: 0,
    structuralSharing: (known, read) => {
      const fresh = read as ConversationView;
      return replaceEqualDeep(known, known === undefined ? fresh : newerOf(known as ConversationView, fresh));
    },
  });
