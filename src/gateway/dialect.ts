/** A dialect parses a request and reads an answer of one API. Every inference endpoint takes the same path with its own. */
import type { Backend } from '../charter/schema.ts';
import type { Problem, Sensitive } from '../kit/index.ts';
import type { DecisionFacts } from '../policy/schema.ts';

/** A request as the path understands it. */
export interface Inquiry {
  /** A model id of the charter, or `auto`. */
  readonly requestedModel: string;
  readonly stream: boolean;
  /** Whether the client wants to see the usage of a stream. */
  readonly wantsUsage: boolean;
  readonly choices: number;
  /** Null when the caller leaves it to the backend. */
  readonly maxOutputTokens: number | null;
  readonly content: Sensitive<InquiryContent>;
}

export interface InquiryContent {
  /** All text that a person or program put into the request, for detectors and estimates. */
  readonly texts: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What is known of an answer, whole or cut. */
export interface AnswerSummary {
  /** Text per choice: the concatenated deltas. */
  readonly texts: readonly string[];
  readonly finishReason: string | null;
  /** Null when the upstream sent none, or sent nonsense. */
  readonly usage: Usage | null;
  /** Number of deltas with text: our own count of tokens when there is no usage. */
  readonly deltas: number;
}

/**
 * `part` may go to the client at once, `final` waits until the outcome is durable, `withheld` never goes,
 * `error` is an upstream error inside a 200.
 */
export type FrameKind = 'part' | 'final' | 'withheld' | 'error';

export interface Frame {
  readonly kind: FrameKind;
  /** The exact bytes, separator included. */
  readonly bytes: Uint8Array;
}

export interface StreamReader {
  /** Takes bytes in any chunking, gives whole frames. @throws Problem `upstream-failed` when it is no stream of this dialect. */
  feed(chunk: Uint8Array): readonly Frame[];
  /** True once the stream ended as its dialect says that it ends. */
  isComplete(): boolean;
  summary(): AnswerSummary;
}

export interface Dialect {
  /** As clients call it, such as `/v1/chat/completions`. */
  readonly endpoint: string;
  /** Below the base address of an upstream, such as `/chat/completions`. */
  readonly upstreamPath: string;
  readonly mode: DecisionFacts['mode'];
  /** @throws Problem `invalid-request` that names the field. */
  parse(body: unknown): Inquiry;
  upstreamBody(inquiry: Inquiry, backend: Backend): Uint8Array;
  streamReader(inquiry: Inquiry): StreamReader;
  /** Null when the bytes are no answer of this dialect. */
  readWhole(bytes: Uint8Array): AnswerSummary | null;
  /** How a stream that cannot go on ends: an error frame, without the dialect's own end. */
  errorFrame(problem: Problem, requestId: string): Uint8Array;
}
