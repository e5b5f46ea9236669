import { z } from 'zod';
import type { WholeAnswer } from '../dialect.ts';
import { areObjects } from '../wire/is-object.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listOf, tokenList } from '../wire/list-of.ts';
import { readUsage } from './openai-chat-chunk.ts';
import { modelName } from './openai-chat-schema.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { isJson, passThrough } from './pass-through.ts';

const inputCount = { min: 1, max: 2_048 };

const schema = z.looseObject({
  model: modelName,
  input: z.union([
    z.string().min(1),
    listOf(z.string(), inputCount),
    tokenList.refine(({ length }) => length > 0),
    listOf(tokenList, inputCount),
  ]),
  dimensions: z.number().int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

/** Vectors of texts. Nothing is generated: only input is counted. */
export const openaiEmbeddings = passThrough({
  endpoint: '/v1/embeddings',
  path: '/embeddings',
  mode: 'embeddings',
  schema,
  what: 'a request for embeddings',
  known: knownFields.embeddings,
  said: ({ input }) => [input],
  // Tokens that the caller counted itself.
  describe: ({ input }) => ({
    mediaTokens: typeof input === 'string' ? 0 : input.flat().filter((one) => typeof one === 'number').length,
  }),
  answer: () => ({ accepts: isJson, reader: null, readWhole }),
});

function readWhole(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseWhole(bytes);
  if (!areObjects(answer?.data) || answer.data.length === 0) return null;
  return {
    summary: { textDigests: [], finishReason: 'stop', usage: readUsage(answer.usage), counted: 0 },
    bytes,
    mediaType,
  };
}
