/** What the vault keeps, as its store sees it: content is sealed bytes, the tenant decides who may ask for a row. */

import type { Purpose } from '../charter/schema.ts';
import type { WrappedKey } from '../kit/index.ts';
import type { BatchState, FilePurpose, KeptResponse } from './schema.ts';

export interface FileRow {
  readonly id: string;
  readonly tenant: string;
  readonly purpose: FilePurpose;
  readonly name: Uint8Array;
  readonly sizeBytes: number;
  readonly createdAtMs: number;
  readonly keptUntilMs: number;
}

export interface Page {
  /** Id of the last row of the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
}

export interface KeyRows {
  /** The tenant's key as it is stored; the given one is stored when there is none. */
  keepKey(tenant: string, fresh: WrappedKey, atMs: number): Promise<WrappedKey>;
}

export interface FileEnd {
  readonly sizeBytes: number;
  readonly purpose: FilePurpose;
  readonly keptUntilMs: number;
  readonly atMs: number;
}

export interface FilePart {
  readonly number: number;
  readonly sealed: Uint8Array;
  /** Of the file with this part. */
  readonly sizeBytes: number;
}

export interface FileRows {
  openFile(row: Omit<FileRow, 'sizeBytes' | 'purpose'>): Promise<void>;
  addPart(file: string, part: FilePart): Promise<void>;
  /** Of all files of the tenant, those that are still being uploaded included, and of its batches that have not ended. */
  storedBytes(tenant: string): Promise<number>;
  /** Files and batches of the tenant, also those that are still being uploaded. Counts to `most` and no further. */
  countStored(tenant: string, most: number): Promise<number>;
  /** From here on it is there. */
  closeFile(file: string, end: FileEnd): Promise<void>;
  findFile(tenant: string, id: string, atMs: number): Promise<FileRow | null>;
  listFiles(
    tenant: string,
    page: Page & { readonly purpose: string | null; readonly atMs: number },
  ): Promise<FileRow[]>;
  /** Null behind the last one. */
  readPart(file: string, number: number): Promise<Uint8Array | null>;
  /** False when there was none. */
  deleteFile(tenant: string, id: string): Promise<boolean>;
}

export interface ResponseRow {
  readonly id: string;
  readonly tenant: string;
  readonly sealed: Uint8Array;
  readonly createdAtMs: number;
  readonly keptUntilMs: number;
}

export interface ResponseRows {
  insertResponse(row: ResponseRow): Promise<void>;
  findResponse(tenant: string, id: string, atMs: number): Promise<ResponseRow | null>;
  deleteResponse(tenant: string, id: string): Promise<boolean>;
}

export interface BatchRow {
  readonly id: string;
  readonly tenant: string;
  readonly keyId: string;
  readonly purpose: string;
  readonly endpoint: string;
  readonly inputFile: string;
  readonly outputFile: string | null;
  readonly errorFile: string | null;
  readonly state: BatchState;
  readonly details: Uint8Array;
  readonly times: Readonly<Partial<Record<BatchState, number>>>;
  readonly endsByMs: number;
  readonly createdAtMs: number;
  readonly keptUntilMs: number;
  /** Of the file that it was ordered with. */
  readonly inputBytes: number;
  /** Null until it has ended: its lines tell till then. */
  readonly counts: BatchCounts | null;
}

export interface BatchCounts {
  readonly waiting: number;
  readonly done: number;
  readonly failed: number;
}

export interface BatchStep {
  readonly from: readonly BatchState[];
  readonly to: BatchState;
  readonly atMs: number;
  readonly outputFile?: string | null;
  readonly errorFile?: string | null;
  readonly details?: Uint8Array;
}

export interface LineRow {
  readonly number: number;
  readonly sealed: Uint8Array;
}

export interface EndedLine extends LineRow {
  readonly state: 'done' | 'failed';
}

export interface BatchRows {
  /** False when there is one of this id. */
  insertBatch(row: BatchRow): Promise<boolean>;
  findBatch(tenant: string, id: string): Promise<BatchRow | null>;
  listBatches(tenant: string, page: Page): Promise<BatchRow[]>;
  /** Of each of these batches, by its id. */
  countLines(batches: readonly string[]): Promise<ReadonlyMap<string, BatchCounts>>;
  /** False when it was in none of the states that it may leave. Of one that ends then, the lines go and their counts stay. */
  stepBatch(id: string, step: BatchStep): Promise<boolean>;
  /** Takes one open batch that nobody works at, oldest first, for so long; null when there is none. */
  claimBatch(worker: string, states: readonly BatchState[], forMs: number): Promise<BatchRow | null>;
  /** Keeps a batch that this worker has taken. False when another one has it. */
  renewBatch(id: string, worker: string, forMs: number): Promise<boolean>;
  addLines(batch: string, lines: readonly LineRow[]): Promise<void>;
  /** Takes waiting lines of running batches that have time left, oldest batch first, for so long. */
  claimLines(
    limit: number,
    claim: { readonly forMs: number; readonly atMs: number },
  ): Promise<readonly { readonly batch: BatchRow; readonly line: LineRow }[]>;
  /** Nobody takes a waiting line for so long: it runs, or could not run yet and is given back. */
  holdLine(batch: string, number: number, forMs: number): Promise<void>;
  /** Waiting lines that are taken, or paused, for no longer than so. */
  countBusy(batch: string, withinMs: number): Promise<number>;
  endLine(batch: string, line: EndedLine): Promise<void>;
  /** Lines behind a number, in their order. */
  readLines(
    batch: string,
    from: { readonly state: 'done' | 'failed' | 'waiting'; readonly after: number; readonly limit: number },
  ): Promise<LineRow[]>;
}

export type VaultStore = KeyRows & FileRows & ResponseRows & BatchRows;

/** Whose conversation it is, and what it is for. */
export interface ResponseOwner {
  readonly tenant: string;
  readonly purpose: Pick<Purpose, 'id' | 'retentionDays'>;
}

/** The state of conversations, for the path. */
export interface ResponseKeeper {
  keep(owner: ResponseOwner, kept: KeptResponse): Promise<void>;
  /** @throws Problem `not-found`, also for what was said for another purpose */
  resume(owner: ResponseOwner, id: string): Promise<KeptResponse>;
}
