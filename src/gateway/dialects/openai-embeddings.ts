import { z } from 'zod';
import type { WholeAnswer } from '../dialect.ts';
import { areObjects } from '../wire/is-object.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listOf, tokenList } from '../wire/list-of.ts';
import { haveOwnPlaces } from '../wire/own-places.ts';
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
  answer: ({ input }) => ({ accepts: isJson, reader: null, readWhole: wholeReader(countOf(input)) }),
});

/** A list of numbers is one text that the caller has cut into tokens. */
function countOf(input: z.infer<typeof schema>['input']): number {
  return typeof input === 'string' || typeof input[0] === 'number' ? 1 : input.length;
}

/** Reads vectors of so many texts. With another number of them, or without their places, nobody knows whose they are. */
function wholeReader(count: number) {
  return (bytes: Uint8Array, mediaType: string): WholeAnswer | null => {
    const answer = parseWhole(bytes);
    if (!areObjects(answer?.data) || answer.data.length !== count || !answer.data.every(isVector)) return null;
    // Servers that number nothing answer in the order that was asked.
    const isNumbered = answer.data.some(({ index }) => index != null);
    if (isNumbered && !haveOwnPlaces(answer.data, count)) return null;
    return {
      summary: { textDigests: [], finishReason: 'stop', usage: readUsage(answer.usage), counted: 0 },
      bytes,
      mediaType,
    };
  };
}

/** In base64 or as numbers; what is no number stands there as null. */
function isVector({ embedding }: { readonly embedding?: unknown }): boolean {
  if (Array.isArray(embedding)) return embedding.length > 0 && !embedding.includes(null);
  return typeof embedding === 'string' && embedding !== '';
}
