import { useQuery } from '@tanstack/react-query';
import { callApi } from '../shared/api/call-api.ts';

const LIVE_MS = 5_000;

/** What a route of the console says, kept up to date while the page is open. */
export function useConsole<T>(path: string, everyMs = LIVE_MS) {
  return useQuery({
    queryKey: ['console', path],
    queryFn: () => callApi<T>(`/api/console/${path}`),
    refetchInterval: everyMs,
  });
}
