import type { ModelStart } from '../inference/ports.ts';
import { Problem, type ProblemCode, type Timers } from '../kit/index.ts';
import type { AnswerFlow } from './answer-flow.ts';
import { saysTooLong, TOO_LONG } from './says-too-long.ts';
import type { CallFailure } from './upstream-failure.ts';
import { isObject } from './wire/is-object.ts';
import { knownFields } from './wire/known-fields.ts';

/** What may be read of an upstream's error: short identifiers, and the sentence only when the upstream is our own model. */
export interface UpstreamError {
  readonly code: string | null;
  readonly param: string | null;
  readonly message: string | null;
}

const MAX_ERROR_BYTES = 64 * 1024;
/** The status is known: its words are waited for so long, milliseconds. */
const ERROR_MS = 5_000;

export async function readErrorBody(flow: AnswerFlow, timers: Timers): Promise<UpstreamError> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const timer = timers.after(ERROR_MS, () => flow.interrupt('its error does not end'));
  for (let item = await flow.next(); item.kind === 'data' && length < MAX_ERROR_BYTES; item = await flow.next()) {
    chunks.push(item.chunk);
    length += item.chunk.length;
  }
  timer.cancel();
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    // Older versions of vLLM have no `error` around it, TGI a sentence in place of it.
    const error = isObject(body?.error) ? body.error : isObject(body) ? body : {};
    const text = error.message ?? error.error ?? error.detail;
    return {
      code: token(error.code ?? body?.code ?? error.type),
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
  /** It is our own model. */
  readonly isOwn: boolean;
  /** It was asked in the very words of the client. */
  readonly isNative: boolean;
  readonly error: UpstreamError;
}

/** Maps an upstream's status to ours: what the caller can mend passes, our own credentials' faults do not. */
export function failureOfStatus(answer: StatusFailure): CallFailure {
  const { start, error } = answer;
  const reason = `status ${start.status}${error.code === null ? '' : ` ${error.code}`}`;
  const base = {
    reason,
    mayBeBilled: false,
    mayFallBack: true,
    clientLeft: false,
    verdict: { kind: 'faulty', isReached: true },
  } as const;
  const busy = { kind: 'busy', retryAfterMs: start.retryAfterMs ?? null } as const;
  switch (start.status) {
    // A refusal is final, whatever it is about: nobody else is asked what one provider would not answer.
    case 400:
    case 413:
    case 422:
      return { ...base, mayFallBack: false, verdict: { kind: 'unknown' }, problem: refusedRequest(answer) };
    case 429:
      return { ...base, verdict: busy, problem: tooMany(answer) };
    case 503:
    case 529:
      return { ...base, verdict: busy, problem: notThere(answer) };
    case 408:
    case 504: {
      const detail = 'the model took too long; ask for fewer tokens or try again later';
      return {
        ...base,
        mayFallBack: false,
        mayBeBilled: true,
        verdict: { kind: 'unknown' },
        problem: new Problem('upstream-timeout', detail),
      };
    }
    default: {
      const detail = `the model answered with status ${start.status}; try again later`;
      return { ...base, problem: new Problem('upstream-failed', detail) };
    }
  }
}

/** What the upstream said, when it is our own model process; a stranger's text could carry anything. */
function ownWords({ isOwn, error }: StatusFailure): string | null {
  return isOwn ? error.message : null;
}

function refusedRequest(answer: StatusFailure): Problem {
  const { code, message } = answer.error;
  const param = answer.error.param ?? (answer.isNative ? placeIn(message ?? '') : null);
  if (code === 'context_length_exceeded' || saysTooLong(message ?? ''))
    return new Problem('context-length-exceeded', ownWords(answer) ?? TOO_LONG, param === null ? {} : { param });
  const field = param === null ? '' : `: check \`${param}\``;
  const detail = ownWords(answer) ?? `the model refused the request (${code ?? answer.start.status})${field}`;
  return new Problem(refusalOf(answer), detail, {
    ...(param === null ? {} : { param }),
    ...(code === null ? {} : { upstreamCode: code }),
  });
}

/** Anthropic has no `param`, it begins with the place in the request: `messages.1.content.0: …`. Null where that is no field. */
function placeIn(message: string): string | null {
  const [, place = '', root = ''] = /^(([a-z_]+)(?:\.[a-z0-9_]+)*): /.exec(message.slice(0, PLACE_MAX)) ?? [];
  return knownFields.messages.has(root) ? place : null;
}

const PLACE_MAX = 130;

function refusalOf({ start }: StatusFailure): ProblemCode {
  if (start.status === 413) return 'body-too-large';
  return start.status === 422 ? 'refused-by-model' : 'invalid-request';
}

/** The client is never told to come back sooner than the provider said. */
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
