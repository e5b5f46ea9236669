import { useQuery } from '@tanstack/react-query';
import { toBase64 } from '../../../src/kit/browser.ts';
import { parseTreeHead } from '../../../src/ledger/verify/index.ts';
import { callApi } from '../api/call-api.ts';

export interface LogView {
  readonly name: string;
  readonly family: string;
  readonly state: 'active' | 'frozen';
  readonly origin: string;
  readonly prefix: string;
  readonly vkeys: readonly string[];
  readonly policy: string;
  readonly size: number;
  /** base64 */
  readonly root: string;
}

type Described = Omit<LogView, 'size' | 'root'>;

/** All logs with their published heads, as anybody reads them. */
export function useLogs() {
  return useQuery({
    queryKey: ['logs'],
    queryFn: async () => {
      const { logs } = await callApi<{ logs: readonly Described[] }>('/.well-known/polity');
      return await Promise.all(logs.map(readHead));
    },
    refetchInterval: 10_000,
  });
}

async function readHead(log: Described): Promise<LogView> {
  const text = await (await fetch(`${log.prefix}/checkpoint`, { cache: 'no-store' })).text();
  const { size, root } = parseTreeHead(text.slice(0, text.indexOf('\n\n') + 1));
  return { ...log, size, root: toBase64(root) };
}
