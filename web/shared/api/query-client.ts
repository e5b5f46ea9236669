import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api-problem.ts';

const RETRIES_MAX = 2;

/** What was asked stays fresh for a moment; what the server has decided is not asked again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        retry: (failures, cause) => !(cause instanceof ApiProblem && cause.status < 500) && failures < RETRIES_MAX,
      },
    },
  });
}
