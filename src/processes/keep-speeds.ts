import type { CallNote, RequestEvent } from '../gateway/index.ts';
import { BackendTally } from '../inference/index.ts';
import type { SpeedStore } from '../inference/ports.ts';
import type { Clock } from '../kit/index.ts';

const WRITE_EVERY_MS = 5_000;

/** Counts how fast backends answer, from the events of this process, and writes it down every few seconds. */
export function keepSpeeds(store: SpeedStore, clock: Clock) {
  const tally = new BackendTally();
  const write = () =>
    store.add(tally.take()).catch((cause: Error) => {
      // Speeds are for the eye: losing a few seconds of them must not end a process that answers people.
      process.stderr.write(`gateway: speeds of backends are not written: ${cause.message}\n`);
    });
  const beat = setInterval(write, WRITE_EVERY_MS);
  return {
    /** `calls`: all of the request, for those whose place another backend took. */
    note({ backend, ended, attempts, firstByteMs, totalMs }: RequestEvent, calls: readonly CallNote[] = []): void {
      if (attempts !== undefined && attempts > 1) noteReplaced(tally, calls, clock.wallMs());
      if (backend === undefined || (ended !== 'complete' && ended !== 'failed')) return;
      const answered = { backend, isRight: ended === 'complete', firstByteMs: firstByteMs ?? 0, totalMs: totalMs ?? 0 };
      tally.note(answered, clock.wallMs());
    },
    async close(): Promise<void> {
      clearInterval(beat);
      await write();
    },
  };
}

/** What a request cannot be put to has not failed. */
function noteReplaced(tally: BackendTally, calls: readonly CallNote[], nowMs: number): void {
  for (const { ended, reason, route } of calls.slice(0, -1)) {
    if (ended !== 'failed' || reason !== 'upstream-failed') continue;
    tally.note({ backend: route.facts.backend.id, isRight: false, firstByteMs: 0, totalMs: 0 }, nowMs);
  }
}
