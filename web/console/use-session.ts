import { useQuery } from '@tanstack/react-query';
import type { SessionView } from '../../src/api/schema.ts';
import { ApiProblem } from '../shared/api/api-problem.ts';
import { callApi } from '../shared/api/call-api.ts';

interface Session {
  /** Who is signed in. Null: nobody; undefined: not known yet. */
  readonly session: SessionView | null | undefined;
  /** Why it is not known. */
  readonly error: Error | null;
}

export function useSession(): Session {
  const { data, error } = useQuery({
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
  return { session: data, error };
}
