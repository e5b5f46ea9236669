import type { TurnView } from '../../src/assistant/schema.ts';

/** How long to wait before connecting again when the stream was cut, milliseconds. */
const AGAIN_MS = 1_000;

/**
 * Follows a running turn: calls with the whole turn whenever it changed, until it has ended. A cut connection, a refresh
 * or a second tab begins with the whole turn again. Gives the way to end it.
 */
export function followTurn(id: string, onTurn: (turn: TurnView) => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: TurnView | null = null;
  const close = () => {
    source?.close();
    clearTimeout(timer);
  };
  const tell = (turn: TurnView) => {
    shown = turn;
    if (turn.state !== 'running') close();
    onTurn(turn);
  };
  const open = () => {
    source = new EventSource(`/api/turns/${id}/events`);
    source.addEventListener('turn', (event) => tell(JSON.parse(event.data) as TurnView));
    source.addEventListener('text', (event) => {
      const { at, text } = JSON.parse(event.data) as { at: number; text: string };
      if (shown !== null) tell({ ...shown, text: (shown.text ?? '').slice(0, at) + text });
    });
    source.addEventListener('error', () => {
      // The browser connects again by itself, but not after an answer that was no stream.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return close;
}
