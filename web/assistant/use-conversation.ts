import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { Ask, ConversationView, TurnView } from '../../src/assistant/schema.ts';
import { ApiProblem } from '../shared/api/api-problem.ts';
import { callApi } from '../shared/api/call-api.ts';
import { conversationKey, conversationQuery } from './conversation-query.ts';
import { withTurn } from './conversation-tree.ts';
import { followTurn } from './follow-turn.ts';

export const conversationsKey = ['conversations'] as const;

/** A conversation, kept up to date while an answer of it is being made, whoever asked for it. */
export function useConversation(id: string) {
  const client = useQueryClient();
  const query = useQuery(conversationQuery(id));
  const put = useCallback(
    (turn: TurnView) =>
      client.setQueryData<ConversationView>(conversationKey(id), (known) =>
        known === undefined ? known : { ...known, turns: withTurn(known.turns, turn) },
      ),
    [client, id],
  );
  const isGone = query.error instanceof ApiProblem && query.error.status === 404;
  const running = isGone ? [] : query.data?.turns.filter(({ state }) => state === 'running').map((turn) => turn.id);
  const runningIds = running?.join() ?? '';
  useEffect(() => {
    // Whoever is told that the turn is gone asks for the conversation, which says so.
    const onCut = () => void client.invalidateQueries({ queryKey: conversationKey(id) });
    const ends = runningIds
      .split(',')
      .filter(Boolean)
      .map((turn) => followTurn(turn, { onTurn: put, onCut }));
    return () => {
      for (const end of ends) end();
    };
  }, [client, id, runningIds, put]);
  const ask = useCallback(
    async (wish: Ask) => {
      const turn = await sendAsk(`/api/conversations/${id}/turns`, wish);
      put(turn);
      void client.invalidateQueries({ queryKey: conversationsKey });
      return turn;
    },
    [client, id, put],
  );
  const stop = useCallback((turn: string) => callApi<TurnView>(`/api/turns/${turn}/stop`, { method: 'POST' }), []);
  return { query, isGone, ask, stop, put };
}

/** The key makes a request that the network repeats one turn, not two. */
export function sendAsk(path: string, wish: Ask): Promise<TurnView> {
  return callApi<TurnView>(path, {
    method: 'POST',
    body: wish,
    headers: { 'idempotency-key': crypto.randomUUID() },
  });
}
