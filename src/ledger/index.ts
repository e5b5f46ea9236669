/**
 * The tamper-evident logs: RFC 9162 trees in C2SP tiles, signed checkpoints, receipts.
 * Promises: exact C2SP formats; one leaf for each decision; nothing personal is a leaf; parsers accept canonical input only.
 * Called by: gateway, store, api, cli, processes. Spec: docs/spec/ledger.md, docs/spec/receipt.md.
 */
export {
  type Appended,
  appendEntries,
  type Edge,
  type EdgeSource,
  edgeFromTiles,
  emptyEdge,
  rootOf,
} from './append.ts';
export { formatTreeHead, readCheckpointHead } from './checkpoint.ts';
export { JournalPacker, type JournalRecord } from './journal.ts';
export { governanceLeaf } from './leaf.ts';
export { formatPolicy } from './policy-text.ts';
export { inclusionProof, type TileReader } from './prove.ts';
export { readJournal } from './read-journal.ts';
export { type Sealed, type SealedDecision, Sealer, textSubject } from './seal.ts';
export {
  newSeed,
  PAYLOAD_TYPE,
  receiptKeyId,
  type SigningKey,
  signingKey,
  signNote,
  verifierKey,
} from './sign.ts';
export { signPayloads } from './sign-payloads.ts';
export { parseTilePath, pathOf, placesOf, TILE_WIDTH } from './tiles.ts';
export { formatTlogProof } from './tlog-proof.ts';
export { EMPTY_ROOT } from './tree.ts';
