import { z } from 'zod';
import type { Asking, StreamReader, Usage, WholeAnswer } from '../dialect.ts';
import { areObjects } from '../wire/is-object.ts';
import { knownFields } from '../wire/known-fields.ts';
import { eventReader } from './event-reader.ts';
import { isCount, readUsage } from './openai-chat-chunk.ts';
import { choiceCount, modelName } from './openai-chat-schema.ts';
import { parseWhole } from './openai-chat-whole.ts';
import { isJson, passThrough } from './pass-through.ts';

const schema = z.looseObject({
  model: modelName.default('auto'),
  prompt: z.string().min(1).max(32_000),
  n: choiceCount,
  stream: z.boolean().nullish(),
});

/** Output tokens of one large image in high quality (OpenAI's gpt-image, 1024 x 1536: 6,240; 2026-11). */
export const TOKENS_PER_PICTURE = 6_240;

export const openaiImages = passThrough({
  endpoint: '/v1/images/generations',
  path: '/images/generations',
  mode: 'images',
  schema,
  what: 'a request for images',
  known: knownFields.images,
  said: ({ prompt }) => [prompt],
  describe: ({ n, stream }) => ({ choices: n ?? 1, stream: stream ?? false, maxOutputTokens: TOKENS_PER_PICTURE }),
  answer: ({ stream }) => imagesAnswer(stream ?? false, 'image_generation.completed'),
});

/** Pictures whole or in the making; `last` is the type of the event that ends a stream of them. */
export function imagesAnswer(stream: boolean, last: string): Pick<Asking, 'accepts' | 'reader' | 'readWhole'> {
  return {
    accepts: stream ? (mediaType) => mediaType === 'text/event-stream' : isJson,
    reader: stream ? imageReader(last) : null,
    readWhole: readImages,
  };
}

/** Images count `input_tokens` and `output_tokens`, or nothing at all. */
function readImageUsage(usage: unknown): Usage | null {
  const { input_tokens, output_tokens } = (usage ?? {}) as { input_tokens?: unknown; output_tokens?: unknown };
  if (isCount(input_tokens) && isCount(output_tokens))
    return { promptTokens: input_tokens, completionTokens: output_tokens };
  return readUsage(usage);
}

function readImages(bytes: Uint8Array, mediaType: string): WholeAnswer | null {
  const answer = parseWhole(bytes);
  if (!areObjects(answer?.data) || answer.data.length === 0 || !answer.data.every(isPicture)) return null;
  const counted = answer.data.length * TOKENS_PER_PICTURE;
  return {
    summary: { textDigests: [], finishReason: 'stop', usage: readImageUsage(answer.usage), counted },
    bytes,
    mediaType,
  };
}

function isPicture({ b64_json, url }: { readonly b64_json?: unknown; readonly url?: unknown }): boolean {
  return [b64_json, url].some((where) => typeof where === 'string' && where !== '');
}

/** Partial pictures, then one event with the whole one and what it cost. */
function imageReader(last: string): StreamReader {
  return eventReader({
    last,
    note: (event, notes) => {
      if (event.type === last) notes.usage = readImageUsage(event.usage);
    },
    count: () => TOKENS_PER_PICTURE,
  });
}
