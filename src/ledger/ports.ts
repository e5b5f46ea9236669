/** What the ledger asks from outside, and what it offers to the path. Store implements, processes wire. */

/** A part of a budget that an intent holds, by the lease it was taken from. Units are the account's. */
export interface Holding {
  readonly leaseId: string;
  readonly amount: number;
}

/** Bytes that a statement commits to: a subject name and the SHA-256 of the bytes, hexadecimal. */
export interface Said {
  readonly name: string;
  readonly digest: string;
}

/** What is known of a decision before anything is sent: enough for the ledger to close it by itself. */
export interface Beginning {
  /** `Circumstances` of schema.ts as JSON. The same object for all requests with the same ones: a batch carries it once. */
  readonly circumstances: Uint8Array;
  /** `previous`: the receipt id of the attempt before. */
  readonly attempt: { readonly number: number; readonly previous: string | null };
  readonly said: readonly Said[];
  /** The most that it may use. */
  readonly reserved: { readonly tokens: number; readonly moneyMicros: number };
}

export interface Intent extends Beginning {
  readonly receiptId: string;
  readonly holdings: readonly Holding[];
}

/** How a decision ended. The ledger process makes the statement of it, with its salts. */
export interface Outcome {
  readonly receiptId: string;
  /** Null behind a recorded intent; a decision that never had one, such as a refusal, begins here. */
  readonly beginning: Beginning | null;
  readonly ended: 'complete' | 'refused' | 'failed' | 'unfinished';
  readonly reason: string | null;
  /** Wall milliseconds. */
  readonly endedAtMs: number;
  readonly usage: {
    readonly promptTokens: number;
    readonly completionTokens: number;
    readonly source: 'upstream' | 'counted' | 'reserved' | 'none';
  };
  readonly moneyMicros: number;
  /** For the count of usage; never signed. */
  readonly footprint: { readonly energyMicroWh: number; readonly co2MicroGrams: number };
  /** What was said after the beginning. */
  readonly said: readonly Said[];
  /** What was really used, per lease; the rest of each holding is free again. */
  readonly spent: readonly Holding[];
}

/**
 * Steps 6 and 9. Both resolve when the record is durable (group commit) and reject with a `Problem`
 * `ledger-unavailable` when the queue is full, the database does not answer within 500 ms (intents), or refuses.
 */
export interface Recorder {
  recordIntent(intent: Intent): Promise<void>;
  /** `superseded`: the lease of this process ran out and the ledger closes the intent as unfinished; this outcome was not taken. */
  recordOutcome(outcome: Outcome): Promise<'recorded' | 'superseded'>;
}

export interface GovernanceRecord {
  /** Such as `charter.adopted`, `model.verified`, `key.announced`, `log.opened`. */
  readonly type: string;
  readonly id: string;
  /** RFC 3339, whole seconds, UTC. */
  readonly time: string;
  readonly sha256?: string;
  readonly size?: number;
  readonly url?: string;
  readonly [member: string]: string | number | boolean | null | undefined;
}

export type ReceiptState = 'open' | 'pending' | 'included' | 'witnessed' | 'erased';

/** `GET /v1/receipts/{id}`. */
export interface ReceiptView {
  readonly id: string;
  readonly state: ReceiptState;
  /** RFC 3339; by when `proof` must be there. Null while open. */
  readonly deadline: string | null;
  /** Name of the log, such as `decisions-2026h2`. */
  readonly log: string | null;
  /** Decimal. */
  readonly index: string | null;
  /** base64 */
  readonly leaf: string | null;
  /** base64 */
  readonly salt: string | null;
  readonly statement: DsseEnvelope | null;
  /** A C2SP tlog-proof text. */
  readonly proof: string | null;
}

export interface DsseEnvelope {
  readonly payloadType: string;
  /** base64 */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Where a tile or an entry bundle lies; `width` is 256 for a full one. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** One log as `GET /.well-known/polity` lists it. */
export interface LogDescription {
  readonly name: string;
  readonly family: string;
  readonly state: 'active' | 'frozen';
  readonly origin: string;
  readonly prefix: string;
  readonly vkeys: readonly string[];
  /** A tlog-policy text. */
  readonly policy: string;
}

export interface ReceiptKeyDescription {
  readonly id: string;
  readonly alg: string;
  /** base64 of the 32 raw bytes */
  readonly publicKey: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  /** Index in the governance log, decimal; null until it is in. */
  readonly governanceEntry: string | null;
}

/** What the API serves of the logs. Null where there is no such thing. Needs the database only, no keys. */
export interface LedgerReader {
  readTile(log: string, place: TilePlace): Promise<Uint8Array | null>;
  readBundle(log: string, place: Omit<TilePlace, 'level'>): Promise<Uint8Array | null>;
  /** The published checkpoint, byte for byte. */
  readCheckpoint(log: string): Promise<string | null>;
  listLogs(): Promise<readonly LogDescription[]>;
  receiptKeys(): Promise<readonly ReceiptKeyDescription[]>;
  /** Waits a moment for the signature of a decision that has just become durable. */
  readReceipt(id: string): Promise<ReceiptView | null>;
}
