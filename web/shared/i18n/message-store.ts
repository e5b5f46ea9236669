import type { Feature } from './features.ts';
import type { Language } from './languages.ts';

export type Catalog = Readonly<Record<string, string>>;

type Files = Readonly<Record<string, () => Promise<{ readonly default: Catalog }>>>;

/** Message files, fetched once each: only the language that is read, only the feature that is shown. */
export class MessageStore {
  readonly #files: Files;
  readonly #loading = new Map<string, Promise<Catalog>>();

  constructor(files: Files) {
    this.#files = files;
  }

  load(feature: Feature, language: Language): Promise<Catalog> {
    const path = `/${feature}/messages/${language}.json`;
    const known = this.#loading.get(path);
    if (known !== undefined) return known;
    const file = Object.entries(this.#files).find(([name]) => name.endsWith(path))?.[1];
    if (file === undefined) throw new Error(`there are no messages ${path}`);
    const loading = file().then((module) => module.default);
    this.#loading.set(path, loading);
    loading.catch(() => this.#loading.delete(path));
    return loading;
  }
}
