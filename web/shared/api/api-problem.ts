/** What `application/problem+json` says, as an error. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** Milliseconds to wait, where the answer named them. */
  readonly retryAfterMs: number | null;

  constructor(said: { status: number; code: string; title: string; detail: string; retryAfterMs: number | null }) {
    super(said.detail);
    this.name = 'ApiProblem';
    this.status = said.status;
    this.code = said.code;
    this.title = said.title;
    this.retryAfterMs = said.retryAfterMs;
  }
}

/** No answer at all: the network is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the service cannot be reached', { cause });
    this.name = 'Unreachable';
  }
}
