/** A dialect parses a request and reads an answer of one API. Every inference endpoint takes the same path with its own. */
import type { Backend } from '../charter/schema.ts';
import type { Problem, Sensitive } from '../kit/index.ts';
import type { DecisionFacts } from '../policy/schema.ts';
import type { KeptResponse } from '../vault/schema.ts';

/** A body as it came, before anybody has read it. */
export interface RequestText {
  readonly bytes: Buffer;
  /** The whole header, for the boundary of a form. */
  readonly contentType: string;
  readonly jsonDepthMax: number;
  /** When it came, milliseconds since 1970. */
  readonly wallMs: number;
  /** What its tenant keeps of conversations; null where nothing is kept. */
  readonly shelf: Shelf | null;
}

/** What one tenant keeps of its conversations for one purpose. */
export interface Shelf {
  /** Whether the purpose allows to keep anything. */
  readonly keeps: boolean;
  /** @throws Problem `not-found` */
  load(id: string): Promise<KeptResponse>;
  keep(kept: KeptResponse): Promise<void>;
}

/** Something that a request makes use of and that a backend may lack. */
export interface Need {
  /** As a backend's `lacks` names it: a parameter, or the type of a part such as `image_url`. */
  readonly name: string;
  /** Where in the request it stands. */
  readonly param: string;
  /** Where it is one dialect's own: backends of any other lack it. */
  readonly only?: Backend['dialect'];
}

/** A request as the path understands it. */
export interface Inquiry {
  /** A model id of the charter, or `auto`. */
  readonly requestedModel: string;
  readonly stream: boolean;
  readonly choices: number;
  /** For each choice. Null when the caller leaves it to the backend; 0 where nothing is generated. */
  readonly maxOutputTokens: number | null;
  readonly needs: readonly Need[];
  /** Counts as a request and as nothing else: no tokens, no money, no energy. */
  readonly isFree?: boolean;
  /** An upper estimate of what images, audio and files cost as input. */
  readonly mediaTokens: number;
  /** Requests with the same words here profit from the same backend, for its prompt cache. Null: no such words. */
  readonly session: string | null;
  /** All text that a person or program put into the request, for detectors and estimates. */
  readonly texts: Sensitive<readonly string[]>;
  /** The classes of what was kept and is part of it now. */
  readonly earlierClasses?: readonly string[];
  /** Once the outcome is durable and before the end goes out: what is to be found by the next request. */
  keep?(classification: string): Promise<void>;
  /** How it is put to one backend that lacks nothing of it. */
  ask(backend: Backend): Asking;
}

/** What goes to one backend, and how its answer is read. */
export interface Asking {
  /** Below the base address of the upstream, such as `/chat/completions`. */
  readonly path: string;
  readonly body: Uint8Array;
  /** Beside those of every call, such as the media type of a form. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer, where nobody needs to be asked. */
  readonly local?: Uint8Array;
  /** Headers of the answer that say how it came about. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** What this backend does not get: fields that no client library knows, and what its own dialect has no word for. */
  readonly dropped: readonly string[];
  /** Whether an answer may have this media type (lower case, without parameters). */
  accepts(mediaType: string): boolean;
  /** Null for a plain answer. */
  readonly reader: StreamReader | null;
  /** What flows are bytes of a file and no events: nothing may be put between them, and a fault breaks the connection. */
  readonly isFile?: boolean;
  /** Null when the bytes are no answer of this dialect. */
  readWhole(bytes: Uint8Array, mediaType: string): WholeAnswer | null;
}

export interface WholeAnswer {
  readonly summary: AnswerSummary;
  /** What the client gets: the very bytes of the upstream, or their translation. */
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What is known of an answer, whole or cut. */
export interface AnswerSummary {
  /** Of the text of each choice, the concatenated deltas: SHA-256 of its UTF-8, hexadecimal. */
  readonly textDigests: readonly string[];
  readonly finishReason: string | null;
  /** Null when the upstream sent none, or sent nonsense. */
  readonly usage: Usage | null;
  /** Our own count of generated tokens, for when there is no usage. */
  readonly counted: number;
  /** What the upstream had counted of the prompt when the answer began, of an answer whose usage never came. */
  readonly promptTokens?: number;
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
  /** The upstream has ended: the last frames, or null when it ended before the answer did. */
  finish(): readonly Frame[] | null;
  summary(): AnswerSummary;
  /** In place of the dialect's own, where an error frame depends on what went before it. */
  errorFrame?(problem: Problem, requestId: string): Uint8Array;
}

export interface Dialect {
  /** As clients call it, such as `/v1/chat/completions`. */
  readonly endpoint: string;
  /** Where else clients look for it. */
  readonly alsoAt?: string;
  readonly mode: DecisionFacts['mode'];
  /** How a problem is written. */
  readonly family: 'openai' | 'anthropic';
  readonly body: 'json' | 'form';
  /** @throws Problem `invalid-request` that names the field. */
  parse(text: RequestText): Inquiry | Promise<Inquiry>;
  /** How a stream that cannot go on ends: an error frame, without the dialect's own end. */
  errorFrame(problem: Problem, requestId: string): Uint8Array;
}
