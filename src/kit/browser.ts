/** The part of the kit that runs in a browser: no Node import. What `ledger/verify` may use. */
export { concat, equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts';
export { type Measured, sumMeasured } from './measured.ts';
