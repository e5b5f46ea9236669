import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ReceiptView, Trust } from '../../../src/ledger/verify/index.ts';
import { ApiProblem, Unreachable } from '../api/api-problem.ts';
import { callApi } from '../api/call-api.ts';
import { checkReceipt, type ReceiptFinding, unchecked } from './check-receipt.ts';
import { keepTrust, keptTrust } from './keep-trust.ts';

/** A proof is there within seconds; whoever waits longer is not hurried. Milliseconds. */
const SOON_MS = 1_000;
const LATER_MS = 5_000;
const SOON_TRIES = 15;

/** The public keys of this installation, as it describes itself. */
function useTrust() {
  return useQuery({
    queryKey: ['trust'],
    queryFn: async () => keepTrust(await callApi<Trust>('/.well-known/polity')),
    initialData: keptTrust,
    initialDataUpdatedAt: 0,
    staleTime: 3_600_000,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** A receipt by its number: asked again until its proof is in, then never more. */
export function useReceipt(id: string) {
  return useQuery({
    queryKey: ['receipt', id],
    queryFn: () => readReceipt(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => {
      if (state.error !== null && !(state.error instanceof Unreachable)) return false;
      if (state.data !== undefined && isSettled(state.data)) return false;
      return state.dataUpdateCount < SOON_TRIES ? SOON_MS : LATER_MS;
    },
  });
}

/** 410 says that the subject was erased: the number stays, and that is all there is to show. */
async function readReceipt(id: string): Promise<ReceiptView> {
  try {
    return await callApi<ReceiptView>(`/v1/receipts/${id}`);
  } catch (cause) {
    if (!(cause instanceof ApiProblem && cause.status === 410)) throw cause;
    const none = { deadline: null, log: null, index: null, leaf: null, salt: null, statement: null, proof: null };
    return { id, state: 'erased', ...none };
  }
}

function isSettled({ state }: ReceiptView): boolean {
  return state === 'included' || state === 'witnessed' || state === 'erased';
}

const checking = unchecked('checking');

interface Finding {
  readonly finding: ReceiptFinding;
  /** Checks what is here once more, on this device. */
  again(): void;
}

/** Keys older than this are asked for again before a receipt is said to fail: a new key may have been announced. */
const KEYS_FRESH_MS = 10_000;

interface Subject {
  readonly view: ReceiptView;
  readonly said: Readonly<Record<string, Uint8Array>>;
  /** Whether the service answered when it was last asked. */
  readonly isAnswered: boolean;
}

/** Checks whenever receipt, keys or shown bytes change. */
export function useFinding({ view, said, isAnswered }: Subject): Finding {
  const { data: trust, dataUpdatedAt, refetch } = useTrust();
  const [finding, setFinding] = useState(checking);
  const [round, setRound] = useState(0);
  const isReachable = useIsOnline() && isAnswered;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a wish to check again
  useEffect(() => {
    if (trust === undefined) return;
    let isStale = false;
    const check = async () => {
      const found = await checkReceipt({ view, trust, said, isReachable });
      const isFresh = Date.now() - dataUpdatedAt < KEYS_FRESH_MS;
      if (found.state !== 'failed' || isFresh || !isReachable) return found;
      const newer = (await refetch({ cancelRefetch: false })).data ?? trust;
      return await checkReceipt({ view, trust: newer, said, isReachable });
    };
    check().then(
      (found) => !isStale && setFinding(found),
      // Without WebCrypto, as on a page that came over plain HTTP, nothing can be checked and nothing is claimed.
      () => !isStale && setFinding(unchecked('unsupported')),
    );
    return () => {
      isStale = true;
    };
  }, [view, trust, said, round, isReachable]);
  return { finding, again: () => setRound((known) => known + 1) };
}

/** Whether the browser has a network at all. */
function useIsOnline(): boolean {
  return useSyncExternalStore(onNetwork, () => navigator.onLine);
}

function onNetwork(changed: () => void): () => void {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
}
