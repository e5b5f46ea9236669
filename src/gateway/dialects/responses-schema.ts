/** The fields of OpenAI's Responses that the path itself reads. https://platform.openai.com/docs/api-reference/responses (2026-11) */
import { z } from 'zod';
import { listOf } from '../wire/list-of.ts';
import { modelName, outputTokens } from './openai-chat-schema.ts';

const part = z.looseObject({ type: z.string() });

/** Items without a type are messages. */
const item = z.looseObject({
  type: z.string().nullish(),
  id: z.string().nullish(),
  role: z.enum(['user', 'assistant', 'system', 'developer']).optional(),
  content: z.union([z.string(), listOf(part)]).nullish(),
  output: z.union([z.string(), listOf(part), z.looseObject({})]).nullish(),
});

const tool = z.looseObject({ type: z.string(), name: z.string().optional() });

export const responsesRequest = z.looseObject({
  model: modelName,
  input: z.union([z.string(), listOf(item)]).nullish(),
  instructions: z.string().nullish(),
  max_output_tokens: outputTokens,
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  previous_response_id: z.string().max(128).nullish(),
  conversation: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  tools: listOf(tool).nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]).nullish(),
  text: z
    .looseObject({ format: z.looseObject({ type: z.string() }).nullish(), verbosity: z.string().nullish() })
    .nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  prompt_cache_key: z.string().nullish(),
  include: listOf(z.string()).nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  max_tool_calls: z.number().int().nullish(),
  truncation: z.string().nullish(),
});

export type ResponsesRequest = z.infer<typeof responsesRequest>;
export type ResponseItem = z.infer<typeof item>;
