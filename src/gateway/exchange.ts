import type { IncomingHttpHeaders } from 'node:http';
import type { Purpose } from '../charter/schema.ts';
import type { Caller } from '../identity/ports.ts';
import type { ProblemCode } from '../kit/index.ts';
import type { Route } from '../policy/schema.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import type { Bill } from './bill.ts';
import type { Dialect } from './dialect.ts';
import type { Bounds } from './parts.ts';
import type { Rank } from './routing/place-queue.ts';

/** Where a request comes from: an HTTP connection, or this process itself. */
export interface RequestSource {
  readonly headers: IncomingHttpHeaders;
  /** `owner` is the id of the key. @throws Problem when it is larger, slower or of another type than the bounds allow */
  readBody(kind: Dialect['body'], bounds: Bounds, owner: string): Promise<Buffer>;
}

/** Where an answer goes: what the steps need of node's `ServerResponse`, no more. */
export interface AnswerSink {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableNeedDrain: boolean;
  /** Names and values in turn. */
  writeHead(status: number, headers: string[]): unknown;
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
  readonly headers: AnswerHeaders;
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
  traceId?: string | undefined;
  status?: number | undefined;
  problem?: ProblemCode | undefined;
  /** What happened inside when it failed. */
  reason?: string | undefined;
  key?: string | undefined;
  tenant?: string | undefined;
  purpose?: string | undefined;
  classification?: string | undefined;
  requestedModel?: string | undefined;
  model?: string | undefined;
  backend?: string | undefined;
  site?: string | undefined;
  stream?: boolean | undefined;
  clauses?: readonly string[] | undefined;
  ended?: string | undefined;
  receiptId?: string | undefined;
  attempts?: number | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  usageSource?: string | undefined;
  moneyMicros?: number | undefined;
  energyWh?: number | undefined;
  co2Grams?: number | undefined;
  bodyBytes?: number | undefined;
  answerBytes?: number | undefined;
  charter?: string | undefined;
  readMs?: number | undefined;
  intentMs?: number | undefined;
  firstByteMs?: number | undefined;
  outcomeMs?: number | undefined;
  totalMs?: number | undefined;
}
