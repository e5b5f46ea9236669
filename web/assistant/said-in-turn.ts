import type { TurnView } from '../../src/assistant/schema.ts';
import { fromBase64, utf8 } from '../../src/kit/browser.ts';

/** The bytes on this page that the receipt commits to, by subject name: what is shown must be what was signed. */
export function saidInTurn(turn: TurnView): Record<string, Uint8Array> {
  if (turn.state !== 'complete') return {};
  if (turn.quoted !== null) {
    const text = turn.quoted.passages.map((passage) => passage.text).join('\n\n');
    return { 'answer/text/0': utf8(text), ...(turn.wire === null ? {} : { 'answer/wire': fromBase64(turn.wire) }) };
  }
  return turn.text === null ? {} : { 'answer/text/0': utf8(turn.text) };
}
