import type { Clock, Timers } from '../kit/index.ts';
import type { BatchDesk } from './batch-desk.ts';
import type { FileDesk } from './file-desk.ts';
import type { BatchRow, BatchRows } from './ports.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** How one line was answered. */
export type LineAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly requestId: string;
      /** Null where nothing was decided. */
      readonly receiptId: string | null;
      /** What the backend did not get of it, as `x-polity-dropped` names it. */
      readonly dropped: string | null;
      readonly body: unknown;
    }
  /** It could not run now; it is tried again. */
  | { readonly kind: 'later'; readonly afterMs: number };

/** Puts one line, as it stands in its file, to the path, as its key, behind everybody who waits for an answer. */
export type LineAsker = (batch: BatchRow, line: Uint8Array) => Promise<LineAnswer>;

export interface BatchRunnerParts {
  readonly store: BatchRows;
  readonly files: FileDesk;
  readonly desk: BatchDesk;
  readonly keys: TenantKeys;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly worker: string;
  readonly ask: LineAsker;
  /** Lines that this worker runs: they may outlast the round that began them. */
  readonly running: Set<Promise<void>>;
  /** Told of a fault that a line ended in. */
  report(cause: unknown): void;
}
