/**
 * The collection: documents with passages, an index by five-character prefixes, search that would rather say nothing.
 * Promises: passages come out as they went in; a question that the collection does not cover gets no answer.
 * Called by: processes, cli, store (ports). Spec: docs/decisions/0018-collection.md, docs/guides/knowledge.md.
 */
export {
  evaluateLanguage,
  evaluateRefusals,
  type KnownItem,
  type LanguageResult,
  type RefusalResult,
} from './evaluate-search.ts';
export { type CollectionFile, type CollectionReport, indexCollection } from './index-collection.ts';
export { quotePassages } from './quote-passages.ts';
