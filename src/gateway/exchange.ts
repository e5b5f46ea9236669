import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemCode } from '../kit/index.ts';
import type { Dialect } from './dialect.ts';

/** One request as it came in, and the one event that will be written about it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly dialect: Dialect;
  /** Also in the problem's `instance` and in `x-request-id`. */
  readonly requestId: string;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  readonly event: RequestEvent;
  /** Headers of the answer, gathered along the path and sent with it, problem or not. */
  readonly headers: Record<string, string>;
}

/** The wide event of a request. Never content: names, numbers, digests. Each step adds what it learned. */
export interface RequestEvent {
  requestId: string;
  endpoint: string;
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
  bodyBytes?: number;
  answerBytes?: number;
  charter?: string;
  readMs?: number;
  intentMs?: number;
  firstByteMs?: number;
  outcomeMs?: number;
  totalMs?: number;
}
