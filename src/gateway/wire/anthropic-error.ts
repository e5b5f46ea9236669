import type { Problem } from '../../kit/index.ts';

/** Anthropic's error types by status. https://docs.anthropic.com/en/api/errors (2026-11) */
const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** A problem in the pure Anthropic shape: the `type` of RFC 9457 would collide with its own. */
export function anthropicError(problem: Problem, requestId: string) {
  const { status, code } = problem;
  const fallback =
    status >= 500
      ? code === 'overloaded' || code === 'stopping'
        ? 'overloaded_error'
        : 'api_error'
      : 'invalid_request_error';
  return { type: 'error', error: { type: types[status] ?? fallback, message: problem.detail }, request_id: requestId };
}
