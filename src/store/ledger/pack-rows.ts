import type { Intent, Outcome } from '../../ledger/ports.ts';

export interface RecordedRow {
  /** Receipt id, hexadecimal. */
  readonly id: string;
}

/** Array literals written by hand: the driver's own escape every value, and ids and lengths need none. */
function byteaArray(ids: readonly string[]): string {
  return ids.length === 0 ? '{}' : `{"\\\\x${ids.join('","\\\\x')}"}`;
}

/** Large values travel as one binary parameter with their lengths beside it: no hexadecimal, no escaping. */
export function packIntents(worker: string, batch: readonly Intent[]): unknown[] {
  return [
    worker,
    Buffer.concat(batch.map(({ draft }) => draft)),
    byteaArray(batch.map(({ receiptId }) => receiptId)),
    `{${batch.map(({ draft }) => draft.length).join(',')}}`,
    batch.map(({ holdings }) => (holdings.length === 0 ? '[]' : JSON.stringify(holdings))),
  ];
}

export function packOutcomes(worker: string, batch: readonly Outcome[]): unknown[] {
  const spent = batch.flatMap(({ receiptId, spent }) => spent.map((holding) => ({ receiptId, ...holding })));
  return [
    worker,
    byteaArray(batch.map(({ receiptId }) => receiptId)),
    Buffer.concat(batch.map(({ payload }) => payload)),
    `{${batch.map(({ payload }) => payload.length).join(',')}}`,
    Buffer.concat(batch.map(({ salt }) => salt)),
    Buffer.concat(batch.map(({ leaf }) => leaf)),
    `{${batch.map(({ hasIntent }) => hasIntent).join(',')}}`,
    byteaArray(spent.map(({ receiptId }) => receiptId)),
    spent.map(({ leaseId }) => leaseId),
    `{${spent.map(({ amount }) => amount).join(',')}}`,
  ];
}
