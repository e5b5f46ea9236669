import type { AssistantContext, Guest } from './context.ts';
import { foldText, foldWithPlaces } from './fold-text.ts';
import { summarize } from './list-conversations.ts';
import type { ConversationRow, TurnRow } from './ports.ts';
import type { ConversationList, ConversationSummary } from './schema.ts';
import { answerText, openTitle, openTurn } from './turn-content.ts';

/** What is sealed has no index: so many of the newest are opened and read. */
const SEARCHED_MAX = 500;
/** Conversations opened at a time: bounds what is in memory. */
const BATCH = 50;
/** Characters before and after the first word that was found. */
const EXCERPT_AROUND = 60;

/** Conversations that hold every word of the query, in whatever case and with or without diacritics; newest first. */
export async function searchConversations(
  guest: Guest,
  query: string,
  { store }: AssistantContext,
): Promise<ConversationList> {
  const words = foldText(query)
    .split(/\s+/u)
    .filter((word) => word !== '');
  const rows = await store.listConversations(guest.id, { limit: SEARCHED_MAX, before: null });
  const found: ConversationSummary[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    const ids = batch.map(({ id }) => id);
    const turns = Map.groupBy(await store.listTurns(guest.id, ids), (turn) => turn.conversation);
    for (const row of batch) {
      const excerpt = findExcerpt(textsOf(row, turns.get(row.id) ?? [], guest), words);
      if (excerpt !== null) found.push(summarize(row, guest.key, excerpt));
    }
  }
  const total = rows.length < SEARCHED_MAX ? rows.length : await store.countConversations(guest.id);
  return { conversations: found, next: null, searched: rows.length, total };
}

function textsOf(row: ConversationRow, turns: readonly TurnRow[], { key }: Guest): string[] {
  const texts = turns.flatMap((turn) => {
    const content = openTurn(turn, key);
    return [content.question, answerText(content) ?? ''];
  });
  return [openTitle(row.title, key, row.id), ...texts];
}

function findExcerpt(texts: readonly string[], words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const folded = texts.map(foldText);
  if (!words.every((word) => folded.some((text) => text.includes(word)))) return null;
  // The title only repeats the first question: an excerpt from the text says more.
  const first = folded.findIndex((text, index) => index > 0 && words.some((word) => text.includes(word)));
  return excerptOf(texts[Math.max(0, first)] ?? '', words);
}

function excerptOf(text: string, words: readonly string[]): string {
  const { folded, places } = foldWithPlaces(text);
  const hits = words.map((word) => folded.indexOf(word)).filter((hit) => hit >= 0);
  const at = places[hits.length === 0 ? 0 : Math.min(...hits)] ?? 0;
  const start = Math.max(0, at - EXCERPT_AROUND);
  const end = Math.min(text.length, at + EXCERPT_AROUND);
  const inside = text.slice(start, end).toWellFormed().replace(/\s+/gu, ' ').trim();
  return `${start > 0 ? '…' : ''}${inside}${end < text.length ? '…' : ''}`;
}
