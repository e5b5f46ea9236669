import { formatTime, makeDataKey, Problem, seal, toBase64, utf8 } from '../kit/index.ts';
import { type AssistantContext, contestRules, type Guest, nothingHere } from './context.ts';
import type { TurnRow } from './ports.ts';
import type { CaseView, Contest } from './schema.ts';
import { openTurn } from './turn-content.ts';
import { viewCase } from './view-turn.ts';

const DAY_MS = 86_400_000;
const TABLE = 'assistant_case';

export interface ContestWish {
  readonly guest: Guest;
  readonly turn: string;
  readonly contest: Contest;
}

/**
 * Keeps a case with its evidence as it is now, under a key of its own: deleting the conversation does not destroy what
 * somebody has been asked to judge. The same turn has one case. @throws Problem `not-found` or `invalid-request`
 */
export async function contestTurn({ guest, turn, contest }: ContestWish, context: AssistantContext): Promise<CaseView> {
  const row = await context.store.findTurn(guest.id, turn);
  if (row === null) throw nothingHere();
  if (row.contested !== null) return viewCase(row.contested);
  if (row.state === 'running') {
    throw new Problem('invalid-request', 'the answer is still being made; stop it or wait, then contest it');
  }
  const evidence = await freezeEvidence(row, guest, context);
  const rules = contestRules(context.charter());
  const id = context.ids.receiptId();
  const { key, ...wrapped } = makeDataKey(context.kek, TABLE, id);
  const sealCell = (text: string, column: string) => seal(utf8(text), key, { table: TABLE, row: id, column });
  const createdAtMs = context.clock.wallMs();
  const head = await context.store.insertCase({
    ...wrapped,
    id,
    year: new Date(createdAtMs).getUTCFullYear(),
    turn: row.id,
    mode: row.mode,
    reason: contest.reason,
    createdAtMs,
    dueAtMs: createdAtMs + rules.days * DAY_MS,
    institution: rules.institution,
    receiptId: row.receiptId,
    words: sealCell(contest.words, 'words'),
    evidence: sealCell(JSON.stringify(evidence), 'evidence'),
  });
  return viewCase(head);
}

/** Everything that a judge needs, as bytes of this moment: what pages and receipts say later may differ. */
async function freezeEvidence(row: TurnRow, guest: Guest, context: AssistantContext): Promise<object> {
  const content = openTurn(row, guest.key);
  return {
    format: 'polity-case-evidence-v1',
    frozenAt: formatTime(context.clock.wallMs()),
    charter: context.charter().digest,
    mode: row.mode,
    state: row.state,
    language: row.language,
    askedAt: formatTime(row.createdAtMs),
    question: content.question,
    text: content.answer,
    wire: content.wire === null ? null : toBase64(content.wire),
    quoted: content.quoted,
    ...content.reason,
    receiptId: row.receiptId,
    receipt: row.receiptId === null ? null : await context.receipts.readReceipt(row.receiptId),
  };
}
