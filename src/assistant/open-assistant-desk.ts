import { wrappingKey } from '../kit/index.ts';
import { type AskWish, askTurn } from './ask-turn.ts';
import { type ContestWish, contestTurn } from './contest-turn.ts';
import { type AssistantContext, type Guest, nothingHere, rulesOf } from './context.ts';
import { countArrivals } from './count-arrivals.ts';
import { describeAssistant } from './describe-assistant.ts';
import { type ExportedFile, type ExportFormat, exportAll, exportConversation } from './export-conversations.ts';
import { cookieSeconds, findGuest, type OpenedGuest, openGuest } from './guest-desk.ts';
import { listConversations, type PageWish, readConversation } from './list-conversations.ts';
import type { CaseEntry } from './ports.ts';
import { RunBook } from './run-book.ts';
import type {
  AssistantDescription,
  CaseView,
  ConversationList,
  ConversationView,
  GuestView,
  TurnView,
} from './schema.ts';
import { searchConversations } from './search-conversations.ts';
import { viewTurn } from './view-turn.ts';

/** Above any person, below a flood: new guests of one process, and questions of one guest in it. */
const NEW_GUESTS_A_MINUTE = 1_200;
const QUESTIONS_A_MINUTE = 60;

/** The assistant, for the API. Whatever is not the guest's is `not-found`, exactly like what never was. */
export interface AssistantDesk {
  describe(): AssistantDescription;
  openGuest(): Promise<OpenedGuest>;
  findGuest(secret: string): Promise<Guest | null>;
  cookieSeconds(): number;
  /** Null: somebody without a guest session. */
  viewGuest(guest: Guest | null): Promise<GuestView>;
  /** With all content; the key is destroyed. */
  forgetGuest(guest: Guest): Promise<void>;
  list(guest: Guest, wish: PageWish): Promise<ConversationList>;
  search(guest: Guest, query: string): Promise<ConversationList>;
  read(guest: Guest, id: string): Promise<ConversationView>;
  remove(guest: Guest, id: string): Promise<void>;
  export(guest: Guest, wish: { readonly id: string | null; readonly format: ExportFormat }): Promise<ExportedFile>;
  ask(wish: AskWish): Promise<TurnView>;
  readTurn(guest: Guest, id: string): Promise<TurnView>;
  stop(guest: Guest, id: string): Promise<TurnView>;
  /** Calls whenever the turn may have changed. Gives the way to end it. */
  watchTurn(id: string, wake: () => void): () => void;
  contest(wish: ContestWish): Promise<CaseView>;
  /** For the console: no content, no receipt ids. */
  listCases(): Promise<readonly CaseEntry[]>;
  /** Resolves when no answer is being made in this process. */
  idle(): Promise<void>;
}

export interface AssistantParts extends Omit<AssistantContext, 'kek'> {
  /** The 32 bytes of the key-encryption key. */
  readonly kek: Uint8Array;
}

export function openAssistantDesk(parts: AssistantParts): AssistantDesk {
  const context: AssistantContext = { ...parts, kek: wrappingKey(parts.kek) };
  const { store } = context;
  const runs = new RunBook(context);
  const newGuests = countArrivals(NEW_GUESTS_A_MINUTE, context.clock);
  const questions = countArrivals(QUESTIONS_A_MINUTE, context.clock);
  const readTurn = async (guest: Guest, id: string) => {
    const row = await store.findTurn(guest.id, id);
    if (row === null) throw nothingHere();
    return viewTurn(row, guest.key);
  };
  return {
    describe: () => describeAssistant(context),
    async openGuest() {
      newGuests.count('');
      return openGuest(context);
    },
    findGuest: (secret) => findGuest(secret, context),
    cookieSeconds: () => cookieSeconds(context),
    async viewGuest(guest) {
      const keepDays = rulesOf(context.charter())?.keepDays ?? 0;
      return { conversations: guest === null ? 0 : await store.countConversations(guest.id), keepDays };
    },
    forgetGuest: (guest) => store.deleteSubject(guest.id),
    list: (guest, wish) => listConversations(guest, wish, context),
    search: (guest, query) => searchConversations(guest, query, context),
    read: (guest, id) => readConversation(guest, id, context),
    async remove(guest, id) {
      if (!(await store.deleteConversation(guest.id, id))) throw nothingHere();
    },
    export: (guest, { id, format }) =>
      id === null ? exportAll(guest, format, context) : exportConversation(guest, { id, format }, context),
    async ask(wish) {
      questions.count(wish.guest.id);
      return askTurn(wish, context, runs);
    },
    readTurn,
    async stop(guest, id) {
      if (!(await store.askStop(guest.id, id))) throw nothingHere();
      return readTurn(guest, id);
    },
    watchTurn: (id, wake) => store.watchTurn(id, wake),
    contest: (wish) => contestTurn(wish, context),
    listCases: () => store.listCases(),
    idle: () => runs.idle(),
  };
}
