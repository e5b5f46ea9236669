import type { FrequentQuestions } from '../assistant/ports.ts';
import type { CharterInForce } from '../gateway/index.ts';
import { type Database, openKnowledgeStore } from '../store/index.ts';

/** How often the collection is looked at again, milliseconds. */
const READ_MS = 30_000;
const SHOWN = 6;

/** The questions that the charter wants on the first page, as the collection has them now. */
export class FrequentList implements FrequentQuestions {
  readonly #store: ReturnType<typeof openKnowledgeStore>;
  readonly #inForce: () => CharterInForce;
  #lists = new Map<string, { id: string; question: string; authority: string }[]>();

  constructor(pool: Database<never>['pool'], inForce: () => CharterInForce) {
    this.#store = openKnowledgeStore(pool);
    this.#inForce = inForce;
  }

  /** Reads now and from time to time. Gives the way to end it. */
  async keep(report: (fault: Error) => void): Promise<() => void> {
    await this.read();
    const timer = setInterval(() => void this.read().catch(report), READ_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  async read(): Promise<void> {
    const lists = new Map<string, { id: string; question: string; authority: string }[]>();
    for (const { id, language, question, authority } of await this.#store.list())
      lists.set(language, [...(lists.get(language) ?? []), { id, question, authority }]);
    this.#lists = lists;
  }

  list(language: string): readonly { question: string; authority: string }[] {
    const known = this.#lists.get(language) ?? [];
    const wanted = this.#inForce().charter.country.assistant?.frequent ?? [];
    const chosen = wanted.flatMap((id) => known.filter((one) => one.id === id));
    return (chosen.length > 0 ? chosen : known.slice(0, SHOWN)).map(({ question, authority }) => ({
      question,
      authority,
    }));
  }
}
