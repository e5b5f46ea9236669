import type { ModelEvents, ModelPort, RunningCall } from './ports.ts';

/**
 * A backend that lacks something of its own, such as its key, keeps no other backend from serving: it is held with the
 * reason, and opened as soon as what it lacks is there. `open` throws until then.
 */
export function openWhenReady(open: () => ModelPort): ModelPort {
  let port: ModelPort | null = null;
  /** The reason, or null once the port is open. */
  const tryOpen = (): string | null => {
    if (port !== null) return null;
    try {
      port = open();
      return null;
    } catch (cause) {
      return (cause as Error).message;
    }
  };
  tryOpen();
  return {
    call(call, events) {
      const reason = tryOpen();
      return port === null ? refuse(reason ?? 'the backend is not ready', events) : port.call(call, events);
    },
    obstacle: () => tryOpen() ?? port?.obstacle() ?? null,
    close: async () => await port?.close(),
  };
}

function refuse(reason: string, events: ModelEvents): RunningCall {
  let isAborted = false;
  // Never before the caller has what it called.
  queueMicrotask(() => {
    if (!isAborted) events.onFailure({ kind: 'unreachable', reason });
  });
  return {
    abort() {
      isAborted = true;
    },
    pause: () => {},
    resume: () => {},
  };
}
