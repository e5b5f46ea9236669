import type { ModelCall, ModelEvents, ModelPort, RunningCall } from './ports.ts';

/**
 * A backend that is a function of this process, such as retrieval: takes the bytes of a request, gives those of a JSON
 * answer.
 */
export function openLocal(answer: (body: Uint8Array) => Promise<Uint8Array>): ModelPort {
  return {
    call: (call, events) => run(call, events, answer),
    obstacle: () => null,
    close: () => Promise.resolve(),
  };
}

function run(call: ModelCall, events: ModelEvents, answer: (body: Uint8Array) => Promise<Uint8Array>): RunningCall {
  let ended = false;
  const timer = setTimeout(() => finish(() => events.onFailure(tooLate)), call.deadlineMs);
  timer.unref();
  const finish = (tell: () => void) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    tell();
  };
  answer(call.body).then(
    (bytes) =>
      finish(() => {
        events.onStart({ status: 200, contentType: 'application/json' });
        events.onData(bytes);
        events.onEnd();
      }),
    // Nothing left this process and nothing was billed.
    (cause: Error) => finish(() => events.onFailure({ kind: 'unreachable', reason: cause.message })),
  );
  return { abort: () => finish(() => {}), pause: () => {}, resume: () => {} };
}

const tooLate = { kind: 'timeout', reason: 'no answer within the deadline' } as const;
