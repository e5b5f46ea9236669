import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { ApiProblem } from '../shared/api/api-problem.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';

/** What is shown and cannot be renewed says since when; a session that has ended shows as one. */
export function StaleNotice() {
  const { t } = useMessages('console');
  const { time } = useFormats();
  const client = useQueryClient();
  const oldest = useSyncExternalStore(
    (changed) => client.getQueryCache().subscribe(changed),
    () => findStale(client),
  );
  const hasEnded = oldest?.error instanceof ApiProblem && oldest.error.status === 401;
  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: ['session'] });
  }, [client, hasEnded]);
  return (
    <div role="status" className={oldest === null ? undefined : 'stale'}>
      {oldest === null ? null : t('stale', { time: time(oldest.dataUpdatedAt), why: oldest.error?.message ?? '' })}
    </div>
  );
}

/** The state of the oldest answer on this page whose last renewal failed: the same object until it changes. */
function findStale(client: QueryClient) {
  const failed = client
    .getQueryCache()
    .findAll({ queryKey: ['console'], type: 'active' })
    .map(({ state }) => state)
    .filter(({ data, error }) => data !== undefined && error !== null);
  return failed.toSorted((a, b) => a.dataUpdatedAt - b.dataUpdatedAt)[0] ?? null;
}
