import { tokenize } from './analyze-text.ts';
import type { AskedTerm, Candidate, KnowledgeStore } from './ports.ts';
import type { Found, KnowledgeDocument, KnowledgeQuestion, Passage } from './schema.ts';
import { kindWords } from './stop-words.ts';

/**
 * What a document must have to be quoted, chosen on the questions of the example (`./polity knowledge eval`), 2026-11.
 * Evidence: its score in units of a word that only one document has; such a word counts 0.5 where it is a search word.
 */
const EVIDENCE_MIN = 0.5;
/** Share of the question's weight that it must cover: below it, what fits are words that fit anything. */
const COVERAGE_MIN = 0.3;
/** Weight of a word that no document has, in the same unit: it speaks against every answer. */
const UNKNOWN_WEIGHT = 0.5;
/** A question with no more words than this may lean on the one before: “And for twins?” */
const SHORT_TERMS = 2;
const HISTORY_WEIGHT = 0.5;
/** Of words for a kind of paper or step. */
const KIND_WEIGHT = 0.7;
const CANDIDATES = 10;
const PASSAGES_MAX = 4;
const NEAREST_MAX = 3;

/** The service that fits a question, with its passages unchanged; or nothing, and what comes nearest. */
export async function searchPassages(store: KnowledgeStore, asked: KnowledgeQuestion): Promise<Found> {
  const alone = await searchBest(store, asked, []);
  if (asked.history.length === 0 || (isFound(alone) && !leansOnHistory(alone, asked.question))) return conclude(alone);
  const together = await searchBest(store, asked, asked.history);
  return conclude(isFound(together) ? together : alone);
}

/** Words that carry a question on from the one before. */
const carriesOn = /^\s*(and|but|what about|ja|aga|а|и|но|و|ولكن|وماذا)(\s|$)/iu;

/** A short question that does not name a service itself is about the one of the conversation. */
function leansOnHistory({ terms, best, index }: Attempt, question: string): boolean {
  if (terms.length > SHORT_TERMS) return false;
  const [first] = best;
  if (carriesOn.test(question) || first === undefined) return true;
  const { title, question: known, search, searchOther } = first.document.front;
  const names = [title, known, ...search, ...(searchOther[index] ?? [])].join(' ');
  const named = new Set(tokenize(names, index).map(({ term }) => term));
  return !terms.some(({ term }) => named.has(term));
}

interface Attempt {
  readonly terms: readonly AskedTerm[];
  readonly best: readonly Candidate[];
  readonly coverage: number;
  readonly evidence: number;
  readonly index: string;
}

function isFound({ coverage, evidence }: Attempt): boolean {
  return coverage >= COVERAGE_MIN && evidence >= EVIDENCE_MIN;
}

/** In the index where the question is best at home. */
async function searchBest(
  store: KnowledgeStore,
  asked: KnowledgeQuestion,
  history: readonly string[],
): Promise<Attempt> {
  let best: Attempt = { terms: [], best: [], coverage: 0, evidence: 0, index: asked.language };
  for (const index of likelyLanguages(asked)) {
    const attempt = await searchIn(store, index, { question: asked.question, history });
    // The reader's language first: another one must be clearly better.
    if (attempt.coverage > best.coverage + (best.best.length === 0 ? 0 : 0.15)) best = attempt;
    else if (best.best.length === 0) best = attempt.best.length > 0 ? attempt : best;
  }
  return best;
}

/** Ids of the services that fit best, whether or not they fit well enough to answer: for the evaluation. */
export async function rankDocuments(store: KnowledgeStore, asked: KnowledgeQuestion, limit: number): Promise<string[]> {
  const { best } = await searchBest(store, asked, []);
  return best.slice(0, limit).map(({ document }) => document.front.id);
}

/** By script; within the Latin script the reader's language first, then the others. */
function likelyLanguages({ question, language }: Pick<KnowledgeQuestion, 'question' | 'language'>): string[] {
  if (/\p{Script=Cyrillic}/u.test(question)) return ['ru'];
  if (/\p{Script=Arabic}/u.test(question)) return ['ar'];
  return [...new Set([...(['ru', 'ar'].includes(language) ? [] : [language]), 'et', 'en'])];
}

async function searchIn(
  store: KnowledgeStore,
  index: string,
  asked: { readonly question: string; readonly history: readonly string[] },
): Promise<Attempt> {
  const terms = askedTerms(asked, index);
  if (terms.length === 0) return { terms, best: [], coverage: 0, evidence: 0, index };
  const statistics = await store.statistics(
    index,
    terms.map(({ term }) => term),
  );
  const unit = rarity(statistics.documents, 1);
  const weightOf = ({ term, weight }: AskedTerm) => {
    const frequency = statistics.frequency.get(term) ?? 0;
    return weight * (frequency > 0 ? rarity(statistics.documents, frequency) : UNKNOWN_WEIGHT * unit);
  };
  const weights = new Map(terms.map((term) => [term.term, weightOf(term)]));
  const best = await store.candidates(index, weights, CANDIDATES);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const covered = (best[0]?.terms ?? []).reduce((sum, term) => sum + (weights.get(term) ?? 0), 0);
  return {
    terms,
    best,
    coverage: total === 0 ? 0 : covered / total,
    evidence: (best[0]?.score ?? 0) / unit,
    index,
  };
}

function rarity(documents: number, frequency: number): number {
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
}

function askedTerms(asked: { question: string; history: readonly string[] }, index: string): AskedTerm[] {
  const terms = new Map<string, number>();
  const kinds = new Set(tokenize((kindWords[index] ?? []).join(' '), index).map(({ term }) => term));
  for (const { term } of tokenize(asked.question, index)) terms.set(term, kinds.has(term) ? KIND_WEIGHT : 1);
  for (const earlier of asked.history.slice(-2)) {
    for (const { term } of tokenize(earlier, index)) if (!terms.has(term)) terms.set(term, HISTORY_WEIGHT);
  }
  return [...terms].map(([term, weight]) => ({ term, weight }));
}

function conclude(attempt: Attempt): Found {
  const [first] = attempt.best;
  if (first === undefined || !isFound(attempt))
    return { kind: 'nothing', nearest: attempt.best.slice(0, NEAREST_MAX).map(({ document }) => document) };
  const terms = new Set(attempt.terms.map(({ term }) => term));
  return {
    kind: 'found',
    document: first.document,
    passages: choosePassages(first.document, terms),
    coverage: attempt.coverage,
  };
}

/** The first passage says how it is done; beside it those that have most of the words. In the order of the document. */
function choosePassages({ passages, language }: KnowledgeDocument, terms: ReadonlySet<string>): Passage[] {
  const scored = passages.map((passage) => {
    const own = new Set(tokenize(`${passage.heading} ${passage.text}`, language).map(({ term }) => term));
    const hits = [...terms].filter((term) => own.has(term)).length;
    return { passage, score: passage.position === 0 ? Number.POSITIVE_INFINITY : hits };
  });
  return scored
    .toSorted((a, b) => b.score - a.score || a.passage.position - b.passage.position)
    .slice(0, PASSAGES_MAX)
    .map(({ passage }) => passage)
    .toSorted((a, b) => a.position - b.position);
}
