/** What the knowledge domain asks of storage. Store implements. */
import type { KnowledgeDocument } from './schema.ts';

export type DocumentSource = 'charter' | 'added';

/** A document with what the index needs: each term with its weight over all fields. */
export interface IndexedDocument {
  readonly document: KnowledgeDocument;
  /** SHA-256 of the version of the index and the exact bytes of its file, hexadecimal: another one means index anew. */
  readonly sha256: string;
  readonly source: DocumentSource;
  /** By index, that is by the language in which it is searched: its own, and those of `searchOther`. */
  readonly terms: Readonly<Record<string, ReadonlyMap<string, number>>>;
}

export interface DocumentRecord {
  readonly id: string;
  readonly language: string;
  readonly sha256: string;
  readonly source: DocumentSource;
  readonly title: string;
  readonly question: string;
  readonly authority: string;
  readonly provenance: string;
  readonly checked: string | null;
  readonly passages: number;
}

/** One term of a question. */
export interface AskedTerm {
  readonly term: string;
  /** 1 for a word of the question, less for one of an earlier question. */
  readonly weight: number;
}

export interface Candidate {
  readonly document: KnowledgeDocument;
  readonly score: number;
  /** Which of the terms asked for it has. */
  readonly terms: readonly string[];
}

export interface KnowledgeStore {
  list(): Promise<readonly DocumentRecord[]>;
  replace(documents: readonly IndexedDocument[]): Promise<void>;
  remove(documents: readonly { readonly id: string; readonly language: string }[]): Promise<void>;
  /** Number of documents in an index, and in how many of them each term is. */
  statistics(
    index: string,
    terms: readonly string[],
  ): Promise<{ documents: number; frequency: ReadonlyMap<string, number> }>;
  /** The best of the documents that have any of the terms, best first; `weights` by term. */
  candidates(index: string, weights: ReadonlyMap<string, number>, limit: number): Promise<readonly Candidate[]>;
}
