import { useCallback, useRef, useState } from 'react';
import { verifyLog } from '../../../src/ledger/verify/index.ts';
import type { LogView } from './use-logs.ts';

export type LogCheck =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly done: number; readonly size: number }
  | { readonly kind: 'holds'; readonly size: number; readonly tookMs: number }
  | { readonly kind: 'fails'; readonly place: string; readonly reason: string }
  | { readonly kind: 'away' };

class Stopped extends Error {}

/** Reads a whole log and hashes every entry anew, in this browser, from public bytes and the public key. */
export function useLogCheck(log: LogView) {
  const [check, setCheck] = useState<LogCheck>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  const start = useCallback(async () => {
    const own = new AbortController();
    running.current = own;
    const startedMs = performance.now();
    setCheck({ kind: 'running', done: 0, size: log.size });
    try {
      const source = { read: (path: string) => readPath(`${log.prefix}/${path}`, own.signal) };
      const verdict = await verifyLog(source, log, {
        onProgress: (done, size) => setCheck({ kind: 'running', done, size }),
      });
      const tookMs = performance.now() - startedMs;
      setCheck(verdict.kind === 'holds' ? { kind: 'holds', size: verdict.size, tookMs } : verdict);
    } catch (cause) {
      setCheck(cause instanceof Stopped ? { kind: 'idle' } : { kind: 'away' });
    }
  }, [log]);
  const stop = useCallback(() => running.current?.abort(), []);
  return { check, start, stop };
}

async function readPath(address: string, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    const response = await fetch(address, { signal });
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch (cause) {
    if (signal.aborted) throw new Stopped();
    throw cause;
  }
}
