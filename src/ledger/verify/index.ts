/**
 * The outside verifier: a receipt and a whole log, from public bytes and public keys alone.
 * Promises: runs in a browser, asks nobody, names the place of the first thing that is wrong; never says proven for a promise.
 * Called by: cli, web. Spec: docs/spec/ledger.md, docs/spec/receipt.md.
 */

export { parseTreeHead } from '../checkpoint.ts';
export type { ReceiptView } from '../ports.ts';
export { parseTlogProof } from '../tlog-proof.ts';
export type { Sha256 } from './crypto.ts';
export { type LogSource, type LogVerdict, verifyLog } from './verify-log.ts';
export type { TrustedLog } from './verify-note.ts';
export { type ReceiptVerdict, type Trust, verifyReceipt } from './verify-receipt.ts';
