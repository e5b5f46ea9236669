import { formatTime, toBase64 } from '../kit/index.ts';
import type { CaseHead, TurnRow } from './ports.ts';
import type { CaseView, TurnView } from './schema.ts';
import { openTurn } from './turn-content.ts';

/** A turn as its own person sees it. */
export function viewTurn(row: TurnRow, key: Uint8Array): TurnView {
  const content = openTurn(row, key);
  const isQuoted = row.mode === 'quoted';
  return {
    id: row.id,
    conversation: row.conversation,
    parent: row.parent,
    mode: row.mode,
    state: row.state,
    question: content.question,
    language: row.language,
    createdAt: formatTime(row.createdAtMs),
    finishedAt: row.finishedAtMs === null ? null : formatTime(row.finishedAtMs),
    receiptId: row.receiptId,
    quoted: content.quoted,
    text: isQuoted ? null : (content.answer ?? ''),
    wire: isQuoted && content.wire !== null ? toBase64(content.wire) : null,
    refusal: content.reason.refusal,
    failure: content.reason.failure,
    contested: row.contested === null ? null : viewCase(row.contested),
  };
}

export function viewCase(head: CaseHead): CaseView {
  return {
    number: head.number,
    reason: head.reason,
    state: 'open',
    createdAt: formatTime(head.createdAtMs),
    dueAt: formatTime(head.dueAtMs),
    institution: head.institution,
  };
}
