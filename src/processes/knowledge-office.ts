import { join } from 'node:path';
import { Problem, systemClock } from '../kit/index.ts';
import {
  type CollectionReport,
  evaluateLanguage,
  evaluateRefusals,
  indexCollection,
  type LanguageResult,
  type RefusalResult,
} from '../knowledge/index.ts';
import type { DocumentRecord } from '../knowledge/ports.ts';
import { type Database, openKnowledgeStore } from '../store/index.ts';
import { readCollection, readQuestions, readWished } from './read-collection.ts';

export interface Evaluation {
  readonly languages: readonly LanguageResult[];
  readonly unanswerable: RefusalResult;
}

/** Keeps the index what the collection says: at the start, when a charter is applied, on `./polity knowledge add`. */
export class KnowledgeOffice {
  readonly #store: ReturnType<typeof openKnowledgeStore>;

  constructor(pool: Database<never>['pool']) {
    this.#store = openKnowledgeStore(pool);
  }

  /** A document with a mistake is told and left out; it keeps nobody from the others. */
  async open(charterFolder: string, report: (line: string) => void): Promise<CollectionReport> {
    const files = readCollection(join(charterFolder, 'knowledge'));
    const done = await indexCollection(files, this.#store, { source: 'charter', isWhole: true });
    for (const fault of done.faults) report(`the collection: ${fault}`);
    return done;
  }

  async add(body: unknown): Promise<CollectionReport> {
    const done = await indexCollection(readWished(textOf(body, 'path')), this.#store, {
      source: 'added',
      isWhole: false,
    });
    if (done.faults.length > 0) throw new Problem('invalid-request', done.faults.join('; '));
    return done;
  }

  async list(): Promise<{ documents: readonly DocumentRecord[] }> {
    return { documents: await this.#store.list() };
  }

  async evaluate(charterFolder: string, body: unknown): Promise<Evaluation> {
    const wish = (body ?? {}) as { language?: string; questions?: string };
    const { byLanguage, unanswerable } = readQuestions(wish.questions ?? join(charterFolder, 'knowledge/questions'));
    const only = wish.language;
    const parts = { store: this.#store, clock: systemClock };
    const languages: LanguageResult[] = [];
    for (const [language, items] of byLanguage)
      if (only === undefined || only === language) languages.push(await evaluateLanguage(language, items, parts));
    const others = unanswerable.filter(({ language }) => only === undefined || only === language);
    return { languages, unanswerable: await evaluateRefusals(others, this.#store) };
  }
}

function textOf(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | null)?.[name];
  if (typeof value !== 'string') throw new Problem('invalid-request', `\`${name}\` is missing`, { param: name });
  return value;
}
