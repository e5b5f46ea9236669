import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface RawWish {
  /** Between the pieces. */
  readonly gapMs?: number;
  /** Once so long no byte came, whatever came so far is given. */
  readonly quietMs?: number;
  /** Whether everything that is waited for has come: then only a close is waited for, and not long. */
  isWhole?(text: string): boolean;
}

export interface RawAnswer {
  readonly text: string;
  /** Whether the server ended the connection. */
  readonly isClosed: boolean;
}

/** Writes bytes as they are, piece by piece, and gives everything that came back until the server closed or went quiet. */
export async function sendRaw(port: number, pieces: readonly string[], wish: RawWish = {}): Promise<RawAnswer> {
  const { gapMs = 100, quietMs = 5_000, isWhole = () => false } = wish;
  const socket = connect(port, '127.0.0.1');
  const received = receive(socket, quietMs + gapMs * pieces.length, isWhole);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    await delay(gapMs);
  }
  return await received;
}

/** For a server to close what it does not use again. */
const CLOSE_MS = 150;

function receive(socket: Socket, quietMs: number, isWhole: (text: string) => boolean): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = '';
    let isClosed = false;
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      if (isWhole(text)) socket.setTimeout(CLOSE_MS);
    });
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('end', () => {
      isClosed = true;
    });
    socket.on('close', () => resolve({ text, isClosed }));
  });
}

/** The status of each answer, in their order. */
export function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
