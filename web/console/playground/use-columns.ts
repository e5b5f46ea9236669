import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../../shared/api/api-problem.ts';
import { askModel, type Usage } from './ask-model.ts';
import type { ChatWish } from './chat-wish.ts';

/** One model's answer, as far as it is known. Times are milliseconds from the question. */
export interface Column {
  readonly model: string;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly text: string;
  readonly firstMs: number | null;
  readonly totalMs: number | null;
  readonly usage: Usage | null;
  readonly finish: string | null;
  readonly receiptId: string | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
  /** What was asked, for the link that explains a refusal. */
  readonly wish: ChatWish;
}

/** Columns side by side: each can be stopped or asked again by itself. */
export function useColumns() {
  const [columns, setColumns] = useState<readonly Column[]>([]);
  const aborts = useRef(new Map<number, AbortController>());
  const change = useCallback((at: number, more: (column: Column) => Partial<Column>) => {
    setColumns((all) => all.map((one, place) => (place === at ? { ...one, ...more(one) } : one)));
  }, []);
  const stop = useCallback((at: number) => aborts.current.get(at)?.abort(), []);
  const run = useCallback(
    async (at: number, asked: { wish: ChatWish; model: string }) => {
      aborts.current.get(at)?.abort();
      const abort = new AbortController();
      aborts.current.set(at, abort);
      const startedMs = performance.now();
      const sinceMs = () => performance.now() - startedMs;
      const told = {
        onText: (text: string) => change(at, (one) => ({ text: one.text + text, firstMs: one.firstMs ?? sinceMs() })),
        onReceipt: (receiptId: string) => change(at, () => ({ receiptId })),
        onUsage: (usage: Usage) => change(at, () => ({ usage })),
        onFinish: (finish: string) => change(at, () => ({ finish })),
      };
      try {
        await askModel(asked, told, abort.signal);
        change(at, () => ({ state: 'done', totalMs: sinceMs() }));
      } catch (cause) {
        if (aborts.current.get(at) !== abort) return;
        change(at, () => ({ totalMs: sinceMs(), ...endOf(cause, abort.signal) }));
      }
    },
    [change],
  );
  const start = useCallback(
    (wish: ChatWish) => {
      for (const abort of aborts.current.values()) abort.abort();
      aborts.current.clear();
      setColumns(wish.models.map((model) => openColumn(model, wish)));
      for (const [at, model] of wish.models.entries()) void run(at, { wish, model });
    },
    [run],
  );
  const again = useCallback(
    (at: number, { wish, model }: Column) => {
      change(at, () => openColumn(model, wish));
      void run(at, { wish, model });
    },
    [change, run],
  );
  const stopAll = useCallback(() => {
    for (const abort of aborts.current.values()) abort.abort();
  }, []);
  useEffect(() => stopAll, [stopAll]);
  return { columns, start, again, stop, stopAll };
}

function openColumn(model: string, wish: ChatWish): Column {
  const nothing = { firstMs: null, totalMs: null, usage: null, finish: null, receiptId: null, problem: null };
  return { model, wish, state: 'running', text: '', ...nothing };
}

function endOf(cause: unknown, signal: AbortSignal): Pick<Column, 'state' | 'problem'> {
  if (signal.aborted) return { state: 'stopped', problem: null };
  const detail = cause instanceof Error ? cause.message : String(cause);
  return { state: 'failed', problem: { code: cause instanceof ApiProblem ? cause.code : 'unreachable', detail } };
}
