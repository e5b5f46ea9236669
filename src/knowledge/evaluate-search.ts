import type { Clock } from '../kit/index.ts';
import type { KnowledgeStore } from './ports.ts';
import { rankDocuments, searchPassages } from './search-passages.ts';

export interface KnownItem {
  readonly question: string;
  readonly service: string;
}

export interface LanguageResult {
  readonly language: string;
  readonly questions: number;
  /** Mean of 1/rank of the right service among the first ten, 0 where it is not among them. */
  readonly mrrAt10: number;
  /** Share of questions whose answer is the right service. Refusals count as wrong. */
  readonly rightFirst: number;
  /** Share of questions that the collection could answer and that got no answer. */
  readonly refused: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly misses: readonly { readonly question: string; readonly service: string; readonly got: string | null }[];
}

interface EvaluationParts {
  readonly store: KnowledgeStore;
  readonly clock: Clock;
}

const RANKS = 10;

/** Known-item evaluation: each question has one right service. */
export async function evaluateLanguage(
  language: string,
  items: readonly KnownItem[],
  { store, clock }: EvaluationParts,
): Promise<LanguageResult> {
  let reciprocal = 0;
  let right = 0;
  let refused = 0;
  const times: number[] = [];
  const misses: { question: string; service: string; got: string | null }[] = [];
  for (const { question, service } of items) {
    const asked = { question, language, history: [] };
    const startedMs = clock.monotonicMs();
    const found = await searchPassages(store, asked);
    times.push(clock.monotonicMs() - startedMs);
    const rank = (await rankDocuments(store, asked, RANKS)).indexOf(service);
    if (rank >= 0) reciprocal += 1 / (rank + 1);
    const got = found.kind === 'found' ? found.document.front.id : null;
    if (got === null) refused++;
    if (got === service) right++;
    else misses.push({ question, service, got });
  }
  const count = Math.max(1, items.length);
  return {
    language,
    questions: items.length,
    mrrAt10: reciprocal / count,
    rightFirst: right / count,
    refused: refused / count,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    misses,
  };
}

export interface RefusalResult {
  readonly questions: number;
  /** Share that got no answer, as it should be. */
  readonly refused: number;
  readonly answered: readonly { readonly question: string; readonly got: string }[];
}

/** Questions that the collection cannot answer. */
export async function evaluateRefusals(
  items: readonly { readonly question: string; readonly language: string }[],
  store: KnowledgeStore,
): Promise<RefusalResult> {
  const answered: { question: string; got: string }[] = [];
  for (const { question, language } of items) {
    const found = await searchPassages(store, { question, language, history: [] });
    if (found.kind === 'found') answered.push({ question, got: found.document.front.id });
  }
  return { questions: items.length, refused: 1 - answered.length / Math.max(1, items.length), answered };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
