import type { IncomingHttpHeaders } from 'node:http';
import type { Purpose } from '../charter/schema.ts';
import type { Caller } from '../identity/ports.ts';
import type { ProblemCode } from '../kit/index.ts';
import type { Route } from '../policy/schema.ts';
import type { Bill } from './bill.ts';
import type { Dialect } from './dialect.ts';
import type { Bounds } from './parts.ts';
import type { Rank } from './routing/place-queue.ts';

/** Where a request comes from: an HTTP connection, or this process itself. */
export interface RequestSource {
  readonly headers: IncomingHttpHeaders;
  /** @throws Problem when it is larger, slower or of another type than the bounds allow */
  readBody(kind: Dialect['body'], bounds: Bounds): Promise<Buffer>;
}

/** Where an answer goes: what the steps need of node's `ServerResponse`, no more. */
export interface AnswerSink {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableNeedDrain: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  write(bytes: Uint8Array): boolean;
  end(bytes: Uint8Array): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain', listener: () => void): unknown;
  once(event: 'close' | 'drain', listener: () => void): unknown;
  off(event: 'close' | 'drain', listener: () => void): unknown;
}

/** Who asks, where no header says it: a guest of the assistant, or the key that ordered a batch. */
export interface KnownCaller {
  readonly isGuest: boolean;
  readonly caller: Caller;
  readonly purpose: Purpose['id'];
}

/** One request as it came in, and the one event that will be written about it. */
export interface Exchange {
  readonly request: RequestSource;
  readonly response: AnswerSink;
  /** Null: the headers say. */
  readonly known: KnownCaller | null;
  readonly dialect: Dialect;
  /** Who goes first when a backend is full; null: as the purpose says. */
  readonly rank: Rank | null;
  /** Also in the problem's `instance` and in `x-request-id`. */
  readonly requestId: string;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  readonly event: RequestEvent;
  /** Every call of a backend that was made for it, in their order. */
  readonly calls: CallNote[];
  /** Headers of the answer, gathered along the path and sent with it, problem or not. */
  readonly headers: Record<string, string>;
}

/** How one call of a backend went: what traces and metrics say of it. Times are monotonic milliseconds. */
export interface CallNote {
  readonly route: Route;
  readonly receiptId: string;
  /** How long its intent took to be durable; the call began then. */
  readonly intentMs: number;
  readonly calledMs: number;
  readonly endedMs: number;
  readonly ended: 'complete' | 'failed' | 'unfinished';
  /** The upstream's finish reason when complete, else a code of the catalogue of problems. */
  readonly reason: string | null;
  readonly bill: Bill;
  /** When the first sign of the answer came; null when none did. */
  readonly firstByteMs: number | null;
  outcomeMs: number;
}

/** The wide event of a request. Never content: names, numbers, digests. Each step adds what it learned. */
export interface RequestEvent {
  requestId: string;
  endpoint: string;
  /** Of a `traceparent` that came with it, or of the trace that is exported. */
  traceId?: string;
  status?: number;
  problem?: ProblemCode;
  /** What happened inside when it failed. */
  reason?: string;
  key?: string;
  tenant?: string;
  purpose?: string;
  classification?: string;
  requestedModel?: string;
  model?: string;
  backend?: string;
  site?: string;
  stream?: boolean;
  clauses?: readonly string[];
  ended?: string;
  receiptId?: string;
  attempts?: number;
  promptTokens?: number;
  completionTokens?: number;
  usageSource?: string;
  moneyMicros?: number;
  energyWh?: number;
  co2Grams?: number;
  bodyBytes?: number;
  answerBytes?: number;
  charter?: string;
  readMs?: number;
  intentMs?: number;
  firstByteMs?: number;
  outcomeMs?: number;
  totalMs?: number;
}
