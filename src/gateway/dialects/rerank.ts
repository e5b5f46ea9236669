import { z } from 'zod';
import type { Dialect, Usage, WholeAnswer } from '../dialect.ts';
import { areObjects } from '../wire/is-object.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listOf } from '../wire/list-of.ts';
import { haveOwnPlaces } from '../wire/own-places.ts';
import { isCount, readUsage } from './openai-chat-chunk.ts';
import { modelName } from './openai-chat-schema.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { isJson, passThrough } from './pass-through.ts';

const schema = z.looseObject({
  model: modelName,
  query: z.string().min(1),
  documents: listOf(z.union([z.string(), z.looseObject({ text: z.string() })]), { min: 1, max: 10_000 }),
  top_n: z.number().int().min(1).nullish(),
});

const asked = passThrough({
  endpoint: '/v1/rerank',
  path: '/rerank',
  mode: 'rerank',
  schema,
  what: 'a request to rerank',
  known: knownFields.rerank,
  said: ({ query, documents }) => [query, documents],
  answer: ({ documents }) => ({ accepts: isJson, reader: null, readWhole: wholeReader(documents.length) }),
});

/**
 * Documents in the order of how well they fit a query: Cohere's shape, which vLLM, Jina and others speak. Its clients of the
 * second version ask at an address of their own. https://docs.cohere.com/reference/rerank (2026-11)
 */
export const rerank: Dialect = { ...asked, alsoAt: '/v2/rerank' };

interface Meta {
  readonly tokens?: { readonly input_tokens?: unknown };
  readonly billed_units?: { readonly input_tokens?: unknown };
}

/** Reads an order of some of so many documents. */
function wholeReader(count: number) {
  return (bytes: Uint8Array, mediaType: string): WholeAnswer | null => {
    const answer = parseWhole(bytes);
    if (!areObjects(answer?.results) || answer.results.length === 0 || !haveOwnPlaces(answer.results, count))
      return null;
    const usage = readUsage(answer.usage) ?? readTotal(answer.usage) ?? readMeta(answer.meta as Meta | undefined);
    return { summary: { textDigests: [], finishReason: 'stop', usage, counted: 0 }, bytes, mediaType };
  };
}

/** Jina and vLLM count all tokens together. */
function readTotal(usage: unknown): Usage | null {
  const total = (usage as { total_tokens?: unknown } | null | undefined)?.total_tokens;
  return isCount(total) ? { promptTokens: total, completionTokens: 0 } : null;
}

function readMeta(meta: Meta | null | undefined): Usage | null {
  const count = meta?.tokens?.input_tokens ?? meta?.billed_units?.input_tokens;
  return isCount(count) ? { promptTokens: count, completionTokens: 0 } : null;
}
