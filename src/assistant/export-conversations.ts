import { formatTime } from '../kit/index.ts';
import type { AssistantContext, Guest } from './context.ts';
import { readConversation } from './list-conversations.ts';
import { renderConversation } from './render-conversation.ts';
import type { ConversationsExport, ConversationView } from './schema.ts';

export type ExportFormat = 'json' | 'markdown';

export interface ExportedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

const PAGE = 100;

/** @throws Problem `not-found` */
export async function exportConversation(
  guest: Guest,
  wish: { readonly id: string; readonly format: ExportFormat },
  context: AssistantContext,
): Promise<ExportedFile> {
  return fileOf([await readConversation(guest, wish.id, context)], wish.format, context);
}

/** Everything that the guest has, newest first. */
export async function exportAll(guest: Guest, format: ExportFormat, context: AssistantContext): Promise<ExportedFile> {
  const views: ConversationView[] = [];
  for await (const id of idsOf(guest, context)) views.push(await readConversation(guest, id, context));
  return fileOf(views, format, context);
}

async function* idsOf(guest: Guest, { store }: AssistantContext): AsyncGenerator<string> {
  let before = null;
  for (;;) {
    const rows = await store.listConversations(guest.id, { limit: PAGE, before });
    for (const row of rows) yield row.id;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    before = { updatedAtMs: last.updatedAtMs, id: last.id };
  }
}

function fileOf(
  conversations: readonly ConversationView[],
  format: ExportFormat,
  { clock }: AssistantContext,
): ExportedFile {
  const exportedAt = formatTime(clock.wallMs());
  const name = `conversations-${exportedAt.slice(0, 10)}`;
  if (format === 'markdown') {
    const text = conversations.map(renderConversation).join('\n---\n\n');
    return { name: `${name}.md`, mediaType: 'text/markdown; charset=utf-8', text };
  }
  const body: ConversationsExport = { object: 'polity_conversations', exportedAt, conversations };
  return {
    name: `${name}.json`,
    mediaType: 'application/json; charset=utf-8',
    text: `${JSON.stringify(body, null, 2)}\n`,
  };
}
