import { concat, sha256Hex, utf8 } from '../kit/index.ts';
import { INDEX_VERSION, indexTerms } from './index-terms.ts';
import { type DocumentFile, parseDocument } from './parse-document.ts';
import type { DocumentSource, IndexedDocument, KnowledgeStore } from './ports.ts';

export interface CollectionReport {
  readonly indexed: number;
  readonly unchanged: number;
  readonly removed: number;
  /** One line for each document that could not be read; what was indexed of it before stays. */
  readonly faults: readonly string[];
}

export interface CollectionFile extends DocumentFile {
  readonly bytes: Uint8Array;
}

interface Wish {
  readonly source: DocumentSource;
  /** Whether documents of this source that have no file any more are taken out. */
  readonly isWhole: boolean;
}

/** Makes the index what the files say: reads only those whose bytes have changed. */
export async function indexCollection(
  files: readonly CollectionFile[],
  store: KnowledgeStore,
  { source, isWhole }: Wish,
): Promise<CollectionReport> {
  const known = new Map((await store.list()).map((record) => [`${record.language}/${record.id}`, record]));
  const changed: IndexedDocument[] = [];
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    const key = `${file.language}/${idOf(file)}`;
    seen.add(key);
    const sha256 = sha256Hex(concat(utf8(`${INDEX_VERSION}\n`), file.bytes));
    if (known.get(key)?.sha256 === sha256) continue;
    try {
      const document = parseDocument(file);
      changed.push({ document, sha256, source, terms: indexTerms(document) });
    } catch (cause) {
      faults.push((cause as Error).message);
    }
  }
  await store.replace(changed);
  const gone = isWhole ? [...known].filter(([key, record]) => record.source === source && !seen.has(key)) : [];
  await store.remove(gone.map(([, record]) => record));
  return {
    indexed: changed.length,
    unchanged: files.length - changed.length - faults.length,
    removed: gone.length,
    faults,
  };
}

function idOf({ path }: DocumentFile): string {
  return path.replace(/^.*\//, '').replace(/\.md$/, '');
}
