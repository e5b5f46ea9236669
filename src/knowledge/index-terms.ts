import { tokenize } from './analyze-text.ts';
import type { KnowledgeDocument } from './schema.ts';

/** Raised when texts are cut or weighed in another way: what was indexed before is then indexed anew at the next start. */
export const INDEX_VERSION = 3;

/** How much a word counts by where it stands: what a service is called says more than what is said of it. */
const FIELD_WEIGHTS = { title: 4, question: 3, search: 3, heading: 1.5, text: 1 } as const;

/** Terms with their weight: for the document's own language, and for each language of `searchOther`. */
export function indexTerms({ front, passages, language }: KnowledgeDocument): Record<string, Map<string, number>> {
  const own = new Map<string, number>();
  const add = adder(own, language);
  add(front.title, FIELD_WEIGHTS.title);
  add(front.question, FIELD_WEIGHTS.question);
  add(front.search.join(' '), FIELD_WEIGHTS.search);
  for (const { heading, text } of passages) {
    add(heading, FIELD_WEIGHTS.heading);
    add(text, FIELD_WEIGHTS.text);
  }
  const indexes: Record<string, Map<string, number>> = { [language]: own };
  for (const [other, words] of Object.entries(front.searchOther)) {
    const terms = new Map<string, number>();
    adder(terms, other)(words.join(' '), FIELD_WEIGHTS.search);
    indexes[other] = terms;
  }
  return indexes;
}

/** `language`: of the words, which decides how they are cut. */
function adder(terms: Map<string, number>, language: string): (text: string, weight: number) => void {
  return (text, weight) => {
    for (const { term } of tokenize(text, language)) terms.set(term, (terms.get(term) ?? 0) + weight);
  };
}
