import { keyedDigest, Problem } from '../kit/index.ts';
import { type AssistantContext, type Guest, nothingHere, openRules } from './context.ts';
import type { NewTurn, PathQuestion, TurnRow } from './ports.ts';
import type { RunBook } from './run-book.ts';
import type { Ask, TurnView } from './schema.ts';
import { answerText, openTurn, sealTitle, sealTurnText, titleOf } from './turn-content.ts';
import { viewTurn } from './view-turn.ts';

const DAY_MS = 86_400_000;
/** A conversation is read and shown whole. */
const TURNS_MAX = 500;
/** Earlier turns that the path is told. */
const HISTORY_MAX = 20;

export interface AskWish {
  readonly guest: Guest;
  /** Null: a new one. */
  readonly conversation: string | null;
  readonly ask: Ask;
  /** `idempotency-key` of the request. */
  readonly requestKey: string | null;
}

/** Keeps the question and starts the answer, which goes on whether anybody waits or not. */
export async function askTurn(wish: AskWish, context: AssistantContext, runs: RunBook): Promise<TurnView> {
  const { guest } = wish;
  const request = requestOf(wish);
  const before = request === null ? null : await context.store.findTurnByRequest(guest.id, request.key);
  if (before !== null) return repeatOf(before, wish);
  const place = await findPlace(wish, context);
  const turn = newTurn(wish, { ...place, request }, context);
  const inserted =
    wish.conversation === null
      ? await context.store.insertFirstTurn(turn, sealTitle(titleOf(wish.ask.question), guest.key, turn.conversation))
      : await context.store.insertTurn(turn);
  if (inserted === 'no-conversation') throw nothingHere();
  if (inserted === 'repeated') {
    const other = request === null ? null : await context.store.findTurnByRequest(guest.id, request.key);
    if (other === null) throw nothingHere();
    return repeatOf(other, wish);
  }
  runs.start({ id: turn.id, guest, asked: questionOf(wish, place.branch, context) });
  return viewTurn(rowOf(turn), guest.key);
}

/** Under the guest's key, so that equal questions of two guests do not show. */
function requestOf({ guest, conversation, ask, requestKey }: AskWish): NewTurn['request'] {
  if (requestKey === null) return null;
  const { question, mode, language, parent } = ask;
  const asked = JSON.stringify([conversation, question, mode, language, parent === undefined ? 'newest' : [parent]]);
  return { key: keyedDigest(`key\n${requestKey}`, guest.key), digest: keyedDigest(`ask\n${asked}`, guest.key) };
}

function repeatOf(row: TurnRow, wish: AskWish): TurnView {
  if (row.requestDigest === requestOf(wish)?.digest) return viewTurn(row, wish.guest.key);
  throw new Problem('invalid-request', 'this `idempotency-key` came with another question; take a new one', {
    param: 'idempotency-key',
  });
}

interface TurnPlace {
  readonly parent: string | null;
  /** The turns before, oldest first. */
  readonly branch: readonly TurnRow[];
}

async function findPlace({ guest, conversation, ask }: AskWish, { store }: AssistantContext): Promise<TurnPlace> {
  if (conversation === null) return { parent: null, branch: [] };
  const rows = await store.listTurns(guest.id, [conversation]);
  if (rows.length === 0) throw nothingHere();
  if (rows.length >= TURNS_MAX) {
    throw new Problem('invalid-request', `a conversation has at most ${TURNS_MAX} turns; begin a new one`);
  }
  const parent = ask.parent === undefined ? (rows.at(-1)?.id ?? null) : ask.parent;
  const byId = new Map(rows.map((row) => [row.id, row]));
  if (parent !== null && !byId.has(parent)) throw nothingHere();
  const branch: TurnRow[] = [];
  for (let row = byId.get(parent ?? ''); row !== undefined; row = byId.get(row.parent ?? '')) branch.unshift(row);
  return { parent, branch };
}

function newTurn(
  { guest, conversation, ask }: AskWish,
  place: { parent: string | null; request: NewTurn['request'] },
  context: AssistantContext,
): NewTurn {
  const createdAtMs = context.clock.wallMs();
  const id = context.ids.receiptId();
  return {
    id,
    subject: guest.id,
    conversation: conversation ?? context.ids.receiptId(),
    parent: place.parent,
    mode: ask.mode,
    language: ask.language,
    worker: context.worker,
    createdAtMs,
    keptUntilMs: createdAtMs + openRules(context.charter()).keepDays * DAY_MS,
    question: sealTurnText(ask.question, guest.key, { id, column: 'question' }),
    request: place.request,
  };
}

function questionOf({ guest, ask }: AskWish, branch: readonly TurnRow[], context: AssistantContext): PathQuestion {
  const { tenant, purpose, guest: limits } = openRules(context.charter());
  const history = branch.slice(-HISTORY_MAX).flatMap((row) => {
    const content = openTurn(row, guest.key);
    const answer = answerText(content);
    return row.state === 'refused' || answer === null ? [] : [{ question: content.question, answer }];
  });
  return {
    mode: ask.mode,
    question: ask.question,
    // Retrieval knows languages, not their scripts and regions.
    language: ask.language.split('-')[0] ?? ask.language,
    history,
    asker: { id: guest.id, tenant, purpose, limits },
  };
}

/** As the store would read it back in this moment. */
function rowOf(turn: NewTurn): TurnRow {
  return {
    ...turn,
    state: 'running',
    finishedAtMs: null,
    receiptId: null,
    answer: null,
    wire: null,
    ending: null,
    requestDigest: turn.request?.digest ?? null,
    contested: null,
  };
}
