import type { ModelFailure } from '../inference/ports.ts';
import { Problem } from '../kit/index.ts';
import type { FlowEnd } from './answer-flow.ts';
import type { Verdict } from './routing/backend-watch.ts';

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
  /** True when this backend can never answer the request and another might: it is not asked again. */
  readonly isUnfit?: boolean;
  /** What it says of the backend. */
  readonly verdict: Verdict;
}

const unknown: Verdict = { kind: 'unknown' };
const faulty: Verdict = { kind: 'faulty', isReached: true };
const missed: Verdict = { kind: 'faulty', isReached: false };

export function failureOfFlow(end: FlowEnd): CallFailure {
  if (end.kind === 'left') {
    const problem = new Problem('request-timeout', 'the client left before the answer began');
    return {
      problem,
      reason: 'client left',
      mayBeBilled: true,
      mayFallBack: false,
      clientLeft: true,
      verdict: unknown,
    };
  }
  return failureOfModel(end.kind === 'end' ? { kind: 'cut', reason: 'ended without an answer' } : end.failure);
}

/** Nobody was asked, so nobody is paid. */
export function failureOfAbsence(): CallFailure {
  return { ...failureOfFlow({ kind: 'left' }), mayBeBilled: false };
}

/** Slow is not dead: a timeout says nothing against the backend, and another one would have no time left. */
function failureOfModel(failure: ModelFailure): CallFailure {
  if (failure.kind === 'unable') return failureOfAsking(failure.problem, failure.reason);
  const { kind, reason } = failure;
  const isSlow = kind === 'timeout';
  const problem = isSlow
    ? new Problem('upstream-timeout', 'the model took too long; ask for fewer tokens or try again later', {
        cause: reason,
      })
    : new Problem('upstream-failed', sentences[kind], { cause: reason });
  return {
    problem,
    reason: `${kind}: ${reason}`,
    mayBeBilled: kind !== 'unreachable',
    mayFallBack: !isSlow,
    clientLeft: false,
    verdict: isSlow ? unknown : kind === 'unreachable' ? missed : faulty,
  };
}

/**
 * This backend cannot be asked so: nothing was sent, it says nothing against the backend, and another may be able to. A
 * problem's words may be the caller's, which no log gets.
 */
export function failureOfAsking(problem: Problem, reason: string = problem.code): CallFailure {
  return {
    problem,
    reason: `unable: ${reason}`,
    mayBeBilled: false,
    mayFallBack: true,
    clientLeft: false,
    isUnfit: true,
    verdict: unknown,
  };
}

/** Something was thrown while a call was under way: an answer that is none, or a bug. */
export function failureOfFault(cause: unknown): CallFailure {
  const isProblem = cause instanceof Problem;
  const problem = isProblem
    ? cause
    : new Problem('internal', 'a fault in the service; report the request id', { cause });
  const reason = isProblem ? cause.detail : 'fault';
  return {
    problem,
    reason,
    mayBeBilled: true,
    mayFallBack: false,
    clientLeft: false,
    verdict: isProblem ? faulty : unknown,
  };
}

const sentences = {
  unreachable: 'the model could not be reached; try again later',
  cut: 'the model broke off before its answer was whole; try again later',
  garbage: 'the model sent something that is no answer; try again later',
} as const;
