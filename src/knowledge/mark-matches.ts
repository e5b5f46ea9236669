import { tokenize } from './analyze-text.ts';

/** Where words of the question occur in a passage: start and end in UTF-16 units, in order. */
export function markMatches(text: string, question: string, language: string): (readonly [number, number])[] {
  const terms = new Set(tokenize(question, language).map(({ term }) => term));
  return tokenize(text, language)
    .filter(({ term }) => terms.has(term))
    .map(({ start, end }) => [start, end] as const);
}
