import type { TurnSignals } from '../../assistant/ports.ts';
import type { Listener } from '../open-listener.ts';
import { STOP_CHANNEL, TURN_CHANNEL } from './channels.ts';

/** One handler at the listener, many readers behind it. */
export function openTurnSignals(listener: Listener): TurnSignals {
  const readers = new Map<string, Set<() => void>>();
  listener.on(TURN_CHANNEL, (id) => {
    const called = id === '' ? [...readers.values()] : [readers.get(id) ?? []];
    for (const wakes of called) for (const wake of wakes) wake();
  });
  return {
    watchTurn(id, wake) {
      const wakes = readers.get(id) ?? new Set();
      readers.set(id, wakes.add(wake));
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0 && readers.get(id) === wakes) readers.delete(id);
      };
    },
    onStop(handler) {
      listener.on(STOP_CHANNEL, (id) => handler(id === '' ? null : id));
    },
  };
}
