import { openLocal } from '../inference/index.ts';
import type { ModelPort } from '../inference/ports.ts';
import { fromUtf8, utf8 } from '../kit/index.ts';
import { quotePassages } from '../knowledge/index.ts';
import type { KnowledgeQuestion } from '../knowledge/schema.ts';
import { type Database, openKnowledgeStore } from '../store/index.ts';

/** The backend `retrieval`: what the dialect `/v1/quotes` has checked, answered from the index. */
export function openRetrieval(pool: Database<never>['pool']): ModelPort {
  const store = openKnowledgeStore(pool);
  return openLocal(async (body) => {
    const asked = JSON.parse(fromUtf8(body)) as KnowledgeQuestion;
    return utf8(JSON.stringify(await quotePassages(store, asked)));
  });
}
