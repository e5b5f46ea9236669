import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReceiptView, Trust } from '../../../src/ledger/verify/index.ts';
import { Unreachable } from '../api/api-problem.ts';
import { callApi } from '../api/call-api.ts';
import { checkReceipt, type ReceiptFinding } from './check-receipt.ts';

/** A proof is there within seconds; whoever waits longer is not hurried. Milliseconds. */
const SOON_MS = 1_000;
const LATER_MS = 5_000;
const SOON_TRIES = 15;

/** The public keys of this installation, as it describes itself. */
export function useTrust() {
  return useQuery({
    queryKey: ['trust'],
    queryFn: () => callApi<Trust>('/.well-known/polity'),
    staleTime: 3_600_000,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** A receipt by its number: asked again until its proof is in, then never more. */
export function useReceipt(id: string) {
  return useQuery({
    queryKey: ['receipt', id],
    queryFn: () => callApi<ReceiptView>(`/v1/receipts/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => {
      if (state.error !== null && !(state.error instanceof Unreachable)) return false;
      if (state.data !== undefined && isSettled(state.data)) return false;
      return state.dataUpdateCount < SOON_TRIES ? SOON_MS : LATER_MS;
    },
  });
}

function isSettled({ state }: ReceiptView): boolean {
  return state === 'included' || state === 'witnessed' || state === 'erased';
}

const checking: ReceiptFinding = { state: 'checking', checks: [], tookMs: 0, place: null };

interface Finding {
  readonly finding: ReceiptFinding;
  /** Checks what is here once more, on this device. */
  again(): void;
}

/** Checks whenever receipt, keys or shown bytes change. */
export function useFinding(view: ReceiptView | undefined, said: Readonly<Record<string, Uint8Array>>): Finding {
  const trust = useTrust().data;
  const [finding, setFinding] = useState(checking);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a wish to check again
  useEffect(() => {
    if (view === undefined || trust === undefined) return;
    let isStale = false;
    const isReachable = navigator.onLine;
    checkReceipt({ view, trust, said, isReachable }).then(
      (found) => !isStale && setFinding(found),
      // A browser without Ed25519: nothing is claimed.
      () => !isStale && setFinding({ ...checking, state: 'offline' }),
    );
    return () => {
      isStale = true;
    };
  }, [view, trust, said, round]);
  return { finding, again: () => setRound((known) => known + 1) };
}
