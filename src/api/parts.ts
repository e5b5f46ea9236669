/** What the API is given beside the path's parts. Wired in `processes/gateway.ts`. */

import type { AssistantDesk } from '../assistant/index.ts';
import type { CharterStore } from '../charter/ports.ts';
import type { KeyStore, SessionDesk } from '../identity/ports.ts';
import type { SpeedStore } from '../inference/ports.ts';
import type { DocumentRecord } from '../knowledge/ports.ts';
import type { LedgerReader } from '../ledger/ports.ts';
import type { RecordStore, UsageStore } from '../record/ports.ts';
import type { BatchDesk, FileDesk, ResponseDesk } from '../vault/index.ts';
import type { InferenceParts } from './serve-inference.ts';

export interface Readiness {
  readonly ready: boolean;
  /** One entry for each part: `ok`, or a sentence that says what is wrong. */
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/** What tenants leave with the service. */
export interface VaultDesks {
  readonly files: FileDesk;
  readonly batches: BatchDesk;
  readonly responses: ResponseDesk;
}

export interface ApiParts extends InferenceParts {
  readonly version: string;
  /** Of the running code, or null outside a git clone. */
  readonly commit: string | null;
  /** What links and origins use; without a trailing slash. */
  readonly publicUrl: string;
  readonly ledger: LedgerReader;
  readonly sessions: SessionDesk;
  readonly assistant: AssistantDesk;
  readonly record: RecordStore;
  readonly usage: UsageStore;
  readonly speeds: SpeedStore;
  readonly charters: CharterStore;
  readonly keyStore: KeyStore;
  readonly vault: VaultDesks;
  /** Of the collection. */
  documents(): Promise<readonly DocumentRecord[]>;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  readiness(): Promise<Readiness>;
}
