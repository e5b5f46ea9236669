import { failUnsent } from './open-upstream.ts';
import type { ModelPort } from './ports.ts';

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
      return port === null ? failUnsent(events, reason ?? 'the backend is not ready') : port.call(call, events);
    },
    obstacle: () => tryOpen() ?? port?.obstacle() ?? null,
    probe: async () => (tryOpen() === null ? ((await port?.probe?.()) ?? null) : false),
    close: async () => await port?.close(),
  };
}
