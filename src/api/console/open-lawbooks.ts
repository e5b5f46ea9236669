import { parseCharter } from '../../charter/index.ts';
import { compileLaw, latticeOf, readRedLineSets } from '../../policy/index.ts';
import type { ApiParts } from '../parts.ts';
import type { Lawbook } from './explain-decision.ts';

/** Compiled versions kept, beside the one in force. Each is a few megabytes. */
const KEPT = 4;

/** The law of any version that was ever adopted here: an entry is explained by the law that decided it. */
export class Lawbooks {
  readonly #parts: Pick<ApiParts, 'inForce' | 'charters'>;
  readonly #books = new Map<string, Promise<Lawbook | null>>();

  constructor(parts: Pick<ApiParts, 'inForce' | 'charters'>) {
    this.#parts = parts;
  }

  /** Null when the version is unknown, or is of a release whose red lines this one does not have. */
  find(digest: string): Promise<Lawbook | null> {
    const current = this.#parts.inForce();
    if (current.charter.digest === digest) return Promise.resolve(current);
    const known = this.#books.get(digest);
    if (known !== undefined) return known;
    const loading = this.#load(digest);
    if (this.#books.size >= KEPT) this.#books.delete(this.#books.keys().next().value ?? '');
    this.#books.set(digest, loading);
    loading.catch(() => this.#books.delete(digest));
    return loading;
  }

  async #load(digest: string): Promise<Lawbook | null> {
    const bytes = await this.#parts.charters.loadVersion(digest);
    if (bytes === null) return null;
    const redLines = readRedLineSets();
    const parsed = parseCharter(bytes, new Map(redLines.map((set) => [set.name, set.sha256])));
    if (parsed.kind !== 'valid') return null;
    return { charter: parsed.charter, law: compileLaw(parsed.charter, redLines), lattice: latticeOf(parsed.charter) };
  }
}
