import type { ModelStart } from '../inference/ports.ts';
import { Problem } from '../kit/index.ts';
import type { AnswerFlow, FlowEnd } from './answer-flow.ts';

/** Why a call brought no answer. */
export interface CallFailure {
  readonly problem: Problem;
  /** For the log line. */
  readonly reason: string;
  /** True when the upstream may have done work for it. Then the answer says `x-should-retry: false`. */
  readonly mayBeBilled: boolean;
  /** True when another route of the legal set may be tried. A provider's refusal is final. */
  readonly mayFallBack: boolean;
  readonly clientLeft: boolean;
}

export function failureOfFlow(end: FlowEnd): CallFailure {
  if (end.kind === 'left') {
    const problem = new Problem('request-timeout', 'the client left before the answer began');
    return { problem, reason: 'client left', mayBeBilled: true, mayFallBack: false, clientLeft: true };
  }
  const failure = end.kind === 'end' ? { kind: 'cut' as const, reason: 'ended without an answer' } : end.failure;
  const { kind, reason } = failure;
  const problem =
    kind === 'timeout'
      ? new Problem('upstream-timeout', 'the model took too long; ask for fewer tokens or try again later', {
          cause: reason,
        })
      : new Problem('upstream-failed', sentences[kind], { cause: reason });
  return {
    problem,
    reason: `${kind}: ${reason}`,
    mayBeBilled: kind !== 'unreachable',
    mayFallBack: kind === 'unreachable',
    clientLeft: false,
  };
}

/** Something was thrown while a call was under way: an answer that is none, or a bug. */
export function failureOfFault(cause: unknown): CallFailure {
  const isProblem = cause instanceof Problem;
  const problem = isProblem
    ? cause
    : new Problem('internal', 'a fault in the service; report the request id', { cause });
  const reason = isProblem ? cause.detail : 'fault';
  return { problem, reason, mayBeBilled: true, mayFallBack: false, clientLeft: false };
}

const sentences = {
  unreachable: 'the model could not be reached; try again later',
  cut: 'the model broke off before its answer was whole; try again later',
  garbage: 'the model sent something that is no answer; try again later',
} as const;

/** What may be read of an upstream's error: short identifiers, and the sentence only when the upstream is our own model. */
export interface UpstreamError {
  readonly code: string | null;
  readonly param: string | null;
  readonly message: string | null;
}

const MAX_ERROR_BYTES = 64 * 1024;

export async function readErrorBody(flow: AnswerFlow): Promise<UpstreamError> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let item = await flow.next(); item.kind === 'data' && length < MAX_ERROR_BYTES; item = await flow.next()) {
    chunks.push(item.chunk);
    length += item.chunk.length;
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const error = body?.error ?? {};
    const text = typeof error.message === 'string' ? error.message : body?.detail;
    return {
      code: token(error.code ?? body?.code),
      param: token(error.param),
      message: typeof text === 'string' ? text : null,
    };
  } catch {
    return { code: null, param: null, message: null };
  }
}

/** An identifier, not a text: nothing that could carry somebody's secret. */
function token(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.[\]-]{1,64}$/.test(value) ? value : null;
}

interface StatusFailure {
  readonly start: ModelStart;
  readonly isOwn: boolean;
  readonly error: UpstreamError;
}

/** Maps an upstream's status to ours: what the caller can mend passes, our own credentials' faults do not. */
export function failureOfStatus(answer: StatusFailure): CallFailure {
  const { start, error } = answer;
  const reason = `status ${start.status}${error.code === null ? '' : ` ${error.code}`}`;
  const final = { reason, mayBeBilled: false, mayFallBack: false, clientLeft: false };
  switch (start.status) {
    case 400:
    case 422:
      return { ...final, problem: refusedRequest(answer) };
    case 429:
      return { ...final, mayFallBack: true, problem: tooMany(answer) };
    case 503:
    case 529:
      return { ...final, mayFallBack: true, problem: notThere(answer) };
    default: {
      const code = start.status === 504 ? 'upstream-timeout' : 'upstream-failed';
      const detail = `the model answered with status ${start.status}; try again later`;
      return { ...final, mayBeBilled: true, problem: new Problem(code, detail) };
    }
  }
}

/** What the upstream said, when it is our own model process; a stranger's text could carry anything. */
function ownWords({ isOwn, error }: StatusFailure): string | null {
  return isOwn ? error.message : null;
}

function refusedRequest(answer: StatusFailure): Problem {
  const { code, param } = answer.error;
  const field = param === null ? '' : `: check \`${param}\``;
  const detail = ownWords(answer) ?? `the model refused the request (${code ?? answer.start.status})${field}`;
  const ours = code === 'context_length_exceeded' ? 'context-length-exceeded' : 'invalid-request';
  return new Problem(ours, detail, param === null ? {} : { param });
}

function tooMany(answer: StatusFailure): Problem {
  const detail = ownWords(answer) ?? 'the model takes no more requests for now';
  return new Problem('rate-limited', detail, { retryAfterMs: answer.start.retryAfterMs ?? 1000 });
}

function notThere(answer: StatusFailure): Problem {
  const { retryAfterMs } = answer.start;
  const isMissing = answer.isOwn && answer.error.code === 'model-unavailable';
  const detail = ownWords(answer) ?? 'the model is overloaded; try again later';
  return new Problem(
    isMissing ? 'model-unavailable' : 'overloaded',
    detail,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}
