import { Suspense, useMemo } from 'react';
import type { TurnView } from '../../src/assistant/schema.ts';
import { ReceiptStrip } from '../shared/receipt/receipt-strip.tsx';
import { saidInTurn } from './said-in-turn.ts';
import { useNearView } from './use-near-view.ts';

/** The receipt of a turn, fetched and checked once it comes near: a long conversation has hundreds. */
export function TurnReceipt({ turn, receiptId }: { readonly turn: TurnView; readonly receiptId: string }) {
  const [watch, isNear] = useNearView();
  const said = useMemo(() => saidInTurn(turn), [turn]);
  const waiting = <p className="receipt receipt-wait" aria-hidden="true" ref={watch} />;
  if (!isNear) return waiting;
  return (
    // Its words load with the first answer; the page around it, and the focus in it, must not wait for them.
    <Suspense fallback={waiting}>
      <ReceiptStrip receiptId={receiptId} said={said} kind={turn.state === 'refused' ? 'refused' : turn.mode} />
    </Suspense>
  );
}
