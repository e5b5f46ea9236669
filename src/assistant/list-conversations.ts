import { formatTime, Problem } from '../kit/index.ts';
import { type AssistantContext, type Guest, nothingHere } from './context.ts';
import type { ConversationRow, Page } from './ports.ts';
import type { ConversationList, ConversationSummary, ConversationView } from './schema.ts';
import { openTitle } from './turn-content.ts';
import { viewTurn } from './view-turn.ts';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 100;

export interface PageWish {
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit?: string | undefined;
}

export async function listConversations(
  guest: Guest,
  wish: PageWish,
  { store }: AssistantContext,
): Promise<ConversationList> {
  const page = pageOf(wish);
  const rows = await store.listConversations(guest.id, { ...page, limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    conversations: shown.map((row) => summarize(row, guest.key, null)),
    next: last === undefined ? null : `${last.updatedAtMs}-${last.id}`,
    searched: null,
    total: await store.countConversations(guest.id),
  };
}

export function summarize(row: ConversationRow, key: Uint8Array, excerpt: string | null): ConversationSummary {
  return {
    id: row.id,
    title: openTitle(row.title, key, row.id),
    createdAt: formatTime(row.createdAtMs),
    updatedAt: formatTime(row.updatedAtMs),
    turns: row.turns,
    excerpt,
  };
}

/** With all turns of all branches. @throws Problem `not-found` */
export async function readConversation(
  guest: Guest,
  id: string,
  { store }: AssistantContext,
): Promise<ConversationView> {
  const row = await store.findConversation(guest.id, id);
  if (row === null) throw nothingHere();
  const turns = await store.listTurns(guest.id, [id]);
  return {
    id: row.id,
    title: openTitle(row.title, guest.key, row.id),
    createdAt: formatTime(row.createdAtMs),
    updatedAt: formatTime(row.updatedAtMs),
    keptUntil: formatTime(row.keptUntilMs),
    turns: turns.map((turn) => viewTurn(turn, guest.key)),
  };
}

function pageOf({ after, limit }: PageWish): Page {
  const count = limit === undefined ? PAGE_DEFAULT : Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > PAGE_MAX) {
    throw new Problem('invalid-request', `\`limit\` is not valid: a whole number from 1 to ${PAGE_MAX}`, {
      param: 'limit',
    });
  }
  if (after === undefined) return { limit: count, before: null };
  const found = /^(\d{1,15})-([0-9a-f]{32})$/.exec(after);
  if (found === null) {
    throw new Problem('invalid-request', '`after` is not valid: send `next` of the page before', { param: 'after' });
  }
  return { limit: count, before: { updatedAtMs: Number(found[1]), id: found[2] as string } };
}
