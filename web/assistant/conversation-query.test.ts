import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { ConversationView, TurnView } from '../../src/assistant/schema.ts';
import { conversationKey, conversationQuery } from './conversation-query.ts';

test('an answer that was on its way while the turn ended does not leave it running for ever', async (t) => {
  const running = { id: 'a', state: 'running', contested: null } as TurnView;
  const viewOf = (turn: TurnView) => ({ id: 'c', title: 't', turns: [turn] }) as unknown as ConversationView;
  const read = Promise.withResolvers<ConversationView>();
  const client = new QueryClient();
  client.setQueryData(conversationKey('c'), viewOf(running));
  const observer = new QueryObserver(client, { ...conversationQuery('c'), queryFn: () => read.promise });
  t.after(observer.subscribe(() => {}));
  assert.equal(observer.getCurrentResult().fetchStatus, 'fetching');
  client.setQueryData(conversationKey('c'), viewOf({ ...running, state: 'complete' }));
  read.resolve(viewOf(running));
  await observer.refetch({ cancelRefetch: false });
  assert.equal(client.getQueryData<ConversationView>(conversationKey('c'))?.turns[0]?.state, 'complete');
});
