import type { AssistantDesk, Guest } from '../../assistant/index.ts';
import type { TurnView } from '../../assistant/schema.ts';
import type { EventStream } from './event-stream.ts';
import { openWaker } from './open-waker.ts';

/** Nobody tells when a worker dies or a notification is lost: reading again finds it. */
const LOOK_AGAIN_MS = 2_000;

export interface TurnReading {
  readonly desk: AssistantDesk;
  readonly guest: Guest;
  /** As it was just read. */
  readonly turn: TurnView;
}

/**
 * Sends a turn as it grows, whichever process makes it: the row is read again when somebody says that it changed. A fast
 * turn and a slow reader meet in the row, which only grows, so skipped changes are never lost.
 */
export async function sendTurnEvents({ desk, guest, turn }: TurnReading, stream: EventStream): Promise<void> {
  const waker = openWaker(stream.closed);
  const unwatch = desk.watchTurn(turn.id, waker.wake);
  try {
    await sendTurn(turn, stream);
    // It may have changed between the first reading and the watch.
    let shown = turn;
    while (shown.state === 'running' && !stream.closed.aborted) {
      const now = await desk.readTurn(guest, turn.id);
      await sendChange(shown, now, stream);
      shown = now;
      if (now.state === 'running') await waker.wait(LOOK_AGAIN_MS);
    }
  } finally {
    unwatch();
  }
}

async function sendChange(before: TurnView, now: TurnView, stream: EventStream): Promise<void> {
  const at = before.text?.length ?? 0;
  const text = now.text ?? '';
  const grew = text.startsWith(before.text ?? '');
  if (now.state !== 'running' || now.receiptId !== before.receiptId || !grew) return sendTurn(now, stream);
  if (text.length > at)
    await stream.send({ event: 'text', id: String(text.length), data: { at, text: text.slice(at) } });
}

function sendTurn(turn: TurnView, stream: EventStream): Promise<void> {
  return stream.send({ event: 'turn', id: String(turn.text?.length ?? 0), data: turn });
}
