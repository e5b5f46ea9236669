/** The fields of a chat completion that the path itself reads. Everything else goes to the upstream as it came. */
import { z } from 'zod';
import { listOf } from '../wire/list-of.ts';

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const otherPart = z.looseObject({ type: z.string() });
const part = z.union([textPart, otherPart]);

const chatMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), listOf(part), z.null()]).optional(),
});

/** Upper bounds keep a typing error from reserving a whole budget. */
export const OUTPUT_TOKENS_MAX = 1_000_000;
export const outputTokens = z.number().int().min(1).max(OUTPUT_TOKENS_MAX).nullish();
export const modelName = z.string().min(1).max(128);
export const choiceCount = z.number().int().min(1).max(128).nullish();

export const chatRequest = z.looseObject({
  model: modelName,
  messages: listOf(chatMessage, { min: 1 }),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: outputTokens,
  max_completion_tokens: outputTokens,
  n: choiceCount,
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), listOf(z.string(), { max: 4 })]).nullish(),
  tools: listOf(z.looseObject({ type: z.string() })).nullish(),
  prompt_cache_key: z.string().nullish(),
});

export type ChatRequest = z.infer<typeof chatRequest>;
