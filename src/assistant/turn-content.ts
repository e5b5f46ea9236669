import { fromUtf8, seal, unseal, utf8 } from '../kit/index.ts';
import type { TurnRow } from './ports.ts';
import { readQuoted } from './read-quoted.ts';
import type { QuotedAnswer, Refusal } from './schema.ts';

type Column = 'question' | 'answer' | 'wire' | 'ending';

/** Why a turn has no answer, or not a whole one. */
export interface TurnReason {
  readonly refusal: Refusal | null;
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

/** What of a turn is sealed, opened. */
export interface TurnContent {
  readonly question: string;
  readonly answer: string | null;
  readonly wire: Uint8Array | null;
  readonly quoted: QuotedAnswer | null;
  readonly reason: TurnReason;
}

export function sealTurnCell(plain: Uint8Array, key: Uint8Array, cell: { id: string; column: Column }): Uint8Array {
  return seal(plain, key, { table: 'assistant_turn', row: cell.id, column: cell.column });
}

export function sealTurnText(text: string, key: Uint8Array, cell: { id: string; column: Column }): Uint8Array {
  return sealTurnCell(utf8(text), key, cell);
}

/** @throws Error when the row is not the key's, or its cells were moved */
export function openTurn(row: TurnRow, key: Uint8Array): TurnContent {
  const open = (column: Column) => {
    const sealed = row[column];
    return sealed === null ? null : unseal(sealed, key, { table: 'assistant_turn', row: row.id, column });
  };
  const text = (column: Column) => {
    const bytes = open(column);
    return bytes === null ? null : fromUtf8(bytes);
  };
  const wire = open('wire');
  const ending = text('ending');
  return {
    question: text('question') ?? '',
    answer: text('answer'),
    wire,
    quoted: row.mode === 'quoted' && wire !== null ? readQuoted(wire) : null,
    reason: ending === null ? { refusal: null, failure: null } : (JSON.parse(ending) as TurnReason),
  };
}

/** The answer as text alone, as the receipt's `answer/text/0` has it; null when there is none. */
export function answerText({ answer, quoted }: TurnContent): string | null {
  if (quoted !== null) return quoted.passages.map((passage) => passage.text).join('\n\n');
  return answer;
}

export function titleOf(question: string): string {
  const line = question.trim().replace(/\s+/gu, ' ');
  const letters = [...line];
  return letters.length <= TITLE_MAX ? line : `${letters.slice(0, TITLE_MAX - 1).join('')}…`;
}

const TITLE_MAX = 80;

export function sealTitle(title: string, key: Uint8Array, conversation: string): Uint8Array {
  return seal(utf8(title), key, { table: 'assistant_conversation', row: conversation, column: 'title' });
}

export function openTitle(sealed: Uint8Array, key: Uint8Array, conversation: string): string {
  return fromUtf8(unseal(sealed, key, { table: 'assistant_conversation', row: conversation, column: 'title' }));
}
