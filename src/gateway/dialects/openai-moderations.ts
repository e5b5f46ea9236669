import { z } from 'zod';
import type { WholeAnswer } from '../dialect.ts';
import { areObjects } from '../wire/is-object.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listOf } from '../wire/list-of.ts';
import { readUsage } from './openai-chat-chunk.ts';
import { modelName } from './openai-chat-schema.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { isJson, passThrough } from './pass-through.ts';

const schema = z.looseObject({
  // The older clients name none.
  model: modelName.default('auto'),
  input: z.union([z.string(), listOf(z.string(), { min: 1 }), listOf(z.looseObject({ type: z.string() }), { min: 1 })]),
});

export const openaiModerations = passThrough({
  endpoint: '/v1/moderations',
  path: '/moderations',
  mode: 'moderation',
  schema,
  what: 'a request for moderation',
  known: knownFields.moderations,
  said: ({ input }) => [input],
  answer: ({ input }) => ({ accepts: isJson, reader: null, readWhole: wholeReader(countOf(input)) }),
});

/** Parts of several kinds are one thing that is judged together. */
function countOf(input: z.infer<typeof schema>['input']): number {
  return typeof input !== 'string' && typeof input[0] === 'string' ? input.length : 1;
}

/** Reads so many judgements: one that is missing would leave open which text it was about. */
function wholeReader(count: number) {
  return (bytes: Uint8Array, mediaType: string): WholeAnswer | null => {
    const answer = parseWhole(bytes);
    if (!areObjects(answer?.results) || answer.results.length !== count) return null;
    if (!answer.results.every(({ flagged }) => typeof flagged === 'boolean')) return null;
    return {
      summary: { textDigests: [], finishReason: 'stop', usage: readUsage(answer.usage), counted: 0 },
      bytes,
      mediaType,
    };
  };
}
