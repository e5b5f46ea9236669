import { useQuery } from '@tanstack/react-query';
import type { SessionView } from '../../src/api/schema.ts';
import { ApiProblem } from '../shared/api/api-problem.ts';
import { callApi } from '../shared/api/call-api.ts';

/** Who is signed in. Null: nobody; undefined: not known yet. */
export function useSession(): SessionView | null | undefined {
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      try {
        return await callApi<SessionView>('/api/session');
      } catch (cause) {
        if (cause instanceof ApiProblem && cause.status === 401) return null;
        throw cause;
      }
    },
  });
  return data;
}
