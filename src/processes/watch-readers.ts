import type { Socket } from 'node:net';

/** A reader that takes nothing for so long is let go, whatever it reads. */
const STALL_MS = 30_000;
/** Between two looks at all connections, as a part of the stall. */
const LOOKS = 6;

/** Node's own count of what it gave to the system, and of what the system has not taken. No public name says either. */
interface Written {
  readonly _handle?: { readonly bytesWritten: number; readonly writeQueueSize: number } | null;
}

interface Standing {
  readonly takenBytes: number;
  readonly sinceMs: number;
}

/**
 * Ends the connections of readers that stopped reading: what waits for them is memory, and nothing else would end it. Looks
 * now and then, so that an answer costs nothing. Gives the end of the watch.
 */
export function watchReaders(connections: () => Iterable<Socket>, stallMs: number = STALL_MS): () => void {
  let standing = new Map<Socket, Standing>();
  const look = () => {
    const nowMs = performance.now();
    const still = new Map<Socket, Standing>();
    for (const connection of connections()) {
      const takenBytes = takenWhileMoreWaits(connection);
      if (takenBytes === null) continue;
      const known = standing.get(connection);
      const isStill = known !== undefined && known.takenBytes === takenBytes;
      if (isStill && nowMs - known.sinceMs >= stallMs) connection.destroy();
      else still.set(connection, isStill ? known : { takenBytes, sinceMs: nowMs });
    }
    standing = still;
  };
  const timer = setInterval(look, stallMs / LOOKS).unref();
  return () => clearInterval(timer);
}

/** Null where nothing waits for the reader. */
function takenWhileMoreWaits(connection: Socket): number | null {
  const handle = (connection as Written)._handle;
  if (handle === undefined || handle === null || handle.writeQueueSize === 0) return null;
  return handle.bytesWritten - handle.writeQueueSize;
}
