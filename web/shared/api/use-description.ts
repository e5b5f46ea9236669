import { useQuery } from '@tanstack/react-query';
import type { AssistantDescription } from '../../../src/assistant/schema.ts';
import { callApi } from './call-api.ts';

/** What the service says of itself. Null until it has. */
export function useDescription(): AssistantDescription | null {
  const { data } = useQuery({
    queryKey: ['assistant'],
    queryFn: () => callApi<AssistantDescription>('/api/assistant'),
    staleTime: 60_000,
  });
  return data ?? null;
}
