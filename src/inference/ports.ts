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

export interface ModelFailure {
  readonly kind: ModelFailureKind;
  /** For the log line; never sent to a client. */
  readonly reason: string;
}

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
  close(): Promise<void>;
}
