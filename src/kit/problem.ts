import { type ProblemCode, type ProblemEntry, problems } from './problems.ts';

/** Characters. */
const DETAIL_MAX = 8_000;
const PARAM_MAX = 500;

export interface ProblemExtras {
  /** The field of the request that is wrong, as OpenAI's `error.param`. */
  readonly param?: string;
  /** When the same request may be tried again. */
  readonly retryAfterMs?: number;
  /** The receipt of a recorded refusal or failure. */
  readonly receiptId?: string;
  /** What an upstream called it: OpenAI's `error.code`, in place of ours. */
  readonly upstreamCode?: string;
  /** More members for the body, such as the clauses of a denial. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** What happened inside. Logged, never sent. */
  readonly cause?: unknown;
}

/**
 * An expected failure that ends a request or a command. `detail` is public: a lower-case sentence that says what to do;
 * user values stand in backticks. Only `api/problem-response.ts` and the command line's entry catch it.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.name = 'Problem';
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return problems[this.code].status;
  }

  /** The sentence that is sent. It may name what the client sent, of which nobody reads megabytes. */
  get detail(): string {
    return cut(this.message, DETAIL_MAX);
  }
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ProblemCode;
  /** What OpenAI's clients read. */
  readonly error: { message: string; type: string; param: string | null; code: string };
  readonly [member: string]: unknown;
}

/** The RFC 9457 body that also carries OpenAI's `error`. `requestId` is what the log line of the request carries. */
export function problemBody(problem: Problem, requestId: string): ProblemBody {
  const entry: ProblemEntry = problems[problem.code];
  return {
    ...problem.extras.members,
    type: `/problems/${problem.code}`,
    title: entry.title,
    status: entry.status,
    detail: problem.detail,
    instance: `urn:request:${requestId}`,
    code: problem.code,
    ...(problem.extras.receiptId === undefined ? {} : { receipt: `/v1/receipts/${problem.extras.receiptId}` }),
    error: {
      message: problem.detail,
      type: entry.openaiType,
      param: problem.extras.param === undefined ? null : cut(problem.extras.param, PARAM_MAX),
      code: problem.extras.upstreamCode ?? entry.openaiCode ?? problem.code.replaceAll('-', '_'),
    },
  };
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, '')}…`;
}
