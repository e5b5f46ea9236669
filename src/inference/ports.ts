import type { Problem } from '../kit/index.ts';

/**
 * The model port. Callbacks, not streams: the hot path must cost neither web streams nor an iterator per chunk.
 * Events come in this order: `onStart` at most once, `onData` any number of times, then exactly one of `onEnd`, `onFailure`.
 * After `abort()` no further event comes.
 */
export interface ModelCall {
  /** Path below the backend's base address, such as `/chat/completions`. */
  readonly path: string;
  /** The exact bytes to send. */
  readonly body: Uint8Array;
  /** Beside those of every call of the backend; the media type of a form, for one. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole answer, milliseconds from now. */
  readonly deadlineMs: number;
  /** W3C trace context to pass on. */
  readonly traceparent?: string;
}

export type ModelFailureKind =
  /** Nothing reached the upstream: another route may be tried. */
  | 'unreachable'
  /** The connection broke after the request was sent: it may have been billed. */
  | 'cut'
  | 'timeout'
  /** A redirect, HTML, an empty body, headers that are no HTTP. */
  | 'garbage';

export type ModelFailure =
  | {
      readonly kind: ModelFailureKind;
      /** For the log line; never sent to a client. */
      readonly reason: string;
    }
  /** This backend cannot carry out what is asked, and nothing was sent: another route may be able to. */
  | {
      readonly kind: 'unable';
      readonly reason: string;
      /** What the client is told when nobody can. */
      readonly problem: Problem;
    };

export interface ModelStart {
  readonly status: number;
  /** Media type in lower case without parameters. */
  readonly contentType: string;
  /** From `retry-after`, when the upstream sent one. */
  readonly retryAfterMs?: number;
}

export interface ModelEvents {
  onStart(start: ModelStart): void;
  onData(chunk: Uint8Array): void;
  onEnd(): void;
  onFailure(failure: ModelFailure): void;
}

export interface RunningCall {
  /** Ends the call and frees the model; idempotent. */
  abort(): void;
  pause(): void;
  resume(): void;
}

export interface ModelPort {
  call(call: ModelCall, events: ModelEvents): RunningCall;
  /** What keeps this backend from answering, as a public sentence, or null when nothing is known to. */
  obstacle(): string | null;
  /** Whether it can be reached, asked without a model at work. Absent, or null, where nothing can be asked so. */
  probe?(): Promise<boolean | null>;
  close(): Promise<void>;
}

/** Answers of one backend that began in one minute and whose first byte came within one step of time. */
export interface BackendMinute {
  readonly backend: string;
  /** Unix time, milliseconds. */
  readonly minuteMs: number;
  /** Of BackendTally; -1: answers that failed. */
  readonly step: number;
  readonly answers: number;
  /** Sum of the time that they took. */
  readonly busyMs: number;
}

export interface SpeedStore {
  /** Adds what a process has counted. */
  add(minutes: readonly BackendMinute[]): Promise<void>;
  /** Of all processes, since a moment. */
  since(ms: number): Promise<readonly BackendMinute[]>;
}

/** How a backend did in the last hour. Times are milliseconds until the first byte of an answer, to 5 per cent. */
export interface BackendSpeed {
  readonly answers: number;
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Busy time of the last five minutes, as a share of all that may run at the same time; at most 1. */
  readonly load: number;
  /** The median of each five minutes, oldest first; null where nothing was answered. */
  readonly medians: readonly (number | null)[];
  /** Nobody got an answer in the latest minute of the hour in which it was asked. */
  readonly isFailing: boolean;
}
