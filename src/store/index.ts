/**
 * PostgreSQL: the only SQL. One folder per domain implements that domain's ports; migrations are SQL files in order.
 * Promises: each domain owns its tables, nobody else writes them.
 * Called by: processes. Spec: docs/decisions/0004-storage.md.
 */

export { ASSISTANT_CHANNELS, openAssistantStore } from './assistant/open-assistant-store.ts';
export { CHARTER_CHANNEL, openCharterStore } from './charter/pg-charter-store.ts';
export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export { type EmbeddedPostgres, startPostgres } from './embedded/start-postgres.ts';
export { KEYS_CHANNEL, type KeyRingOptions, type LiveKeyRing, openKeyRing } from './identity/open-key-ring.ts';
export { openKeyStore } from './identity/pg-key-store.ts';
export { openSessionStore } from './identity/pg-session-store.ts';
export { openSpeedStore } from './inference/open-speed-store.ts';
export { type KeyFolder, openKeyFolder } from './keys/key-folder.ts';
export { prepareWrappingKey } from './keys/prepare-wrapping-key.ts';
export { openKnowledgeStore } from './knowledge/open-knowledge-store.ts';
export { endWorkers } from './ledger/end-workers.ts';
export { holdLedgerLock, type LedgerLock } from './ledger/hold-lock.ts';
export { JournalSource } from './ledger/journal-source.ts';
export { openLedgerReader } from './ledger/open-ledger-reader.ts';
export { openActiveLog, openReceiptKey, openShard, shardName } from './ledger/open-logs.ts';
export { type OpenRecorder, openRecorder } from './ledger/open-recorder.ts';
export { pendingSource } from './ledger/pending-source.ts';
export { Fenced, Sequencer } from './ledger/sequencer.ts';
export { sweepJournal } from './ledger/sweep-journal.ts';
export { sweepTiles } from './ledger/sweep-tiles.ts';
export { migrate } from './migrate.ts';
export { type Listener, type ListenerOptions, openListener } from './open-listener.ts';
export { checkInstallation } from './platform/installation.ts';
export { announceVerifiedModel } from './platform/note-model.ts';
export { readLogState } from './platform/read-log-state.ts';
export {
  endAllLeases,
  endWorkerLease,
  gatewaysWithout,
  openWorkerLease,
  type WorkerLease,
} from './platform/worker-lease.ts';
export { openSliceSource, QUOTA_CHANNEL, type SliceSourceOptions } from './programmes/open-slice-source.ts';
export { EntryFeed } from './record/entry-feed.ts';
export { openRecordStore } from './record/open-record-store.ts';
export { openUsageStore } from './record/open-usage-store.ts';
export { projectEntries } from './record/project-entries.ts';
export { ClaimKeeper } from './shorten-claims.ts';
export { sweepRows } from './sweep-rows.ts';
export { openVaultStore } from './vault/open-vault-store.ts';
