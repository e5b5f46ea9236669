import type { TurnView } from '../../src/assistant/schema.ts';

/** How long to wait before connecting again when the server refused the stream, milliseconds: doubled up to the second. */
const AGAIN_MS = 1_000;
const AGAIN_MAX_MS = 30_000;

export interface TurnListener {
  /** The whole turn, whenever it changed. */
  onTurn(turn: TurnView): void;
  /** The server gave no stream: the turn may be gone. */
  onCut(): void;
}

/**
 * Follows a running turn until it has ended. A cut connection, a refresh or a second tab begins with the whole turn
 * again. Gives the way to end it.
 */
export function followTurn(id: string, { onTurn, onCut }: TurnListener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: TurnView | null = null;
  let waitMs = AGAIN_MS;
  const close = () => {
    source?.close();
    clearTimeout(timer);
  };
  const tell = (turn: TurnView) => {
    shown = turn;
    waitMs = AGAIN_MS;
    if (turn.state !== 'running') close();
    onTurn(turn);
  };
  const open = () => {
    const stream = new EventSource(`/api/turns/${id}/events`);
    source = stream;
    stream.addEventListener('turn', (event) => tell(JSON.parse(event.data) as TurnView));
    stream.addEventListener('text', (event) => {
      const { at, text } = JSON.parse(event.data) as { at: number; text: string };
      if (shown !== null) tell({ ...shown, text: (shown.text ?? '').slice(0, at) + text });
    });
    stream.addEventListener('error', () => {
      // The browser connects again by itself, but not after an answer that was no stream.
      if (stream.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(2 * waitMs, AGAIN_MAX_MS);
      onCut();
    });
  };
  open();
  return close;
}
