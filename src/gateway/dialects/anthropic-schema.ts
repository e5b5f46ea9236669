/** The fields of Anthropic's Messages that the path itself reads. https://docs.anthropic.com/en/api/messages (2026-11) */
import { z } from 'zod';
import { listOf } from '../wire/list-of.ts';
import { modelName, outputTokens } from './openai-chat-schema.ts';

const block = z.looseObject({ type: z.string() });
const blocks = listOf(block);

const message = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), blocks]),
});

const tool = z
  .looseObject({
    name: z.string().optional(),
    type: z.string().nullish(),
    input_schema: z.looseObject({}).optional(),
  })
  .refine(({ name, type }) => name !== undefined || (type != null && type !== 'custom'), {
    path: ['name'],
    error: 'a tool of your own has one',
  });

export const messagesRequest = z.looseObject({
  model: modelName,
  messages: listOf(message, { min: 1 }),
  max_tokens: outputTokens,
  system: z.union([z.string(), blocks]).nullish(),
  stream: z.boolean().nullish(),
  stop_sequences: listOf(z.string()).nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
  tools: listOf(tool).nullish(),
  tool_choice: z
    .looseObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.number().int().nullish() }).nullish(),
  output_config: z
    .looseObject({ effort: z.string().nullish(), format: z.looseObject({ type: z.string() }).nullish() })
    .nullish(),
});

export type MessagesRequest = z.infer<typeof messagesRequest>;
export type Block = z.infer<typeof block>;
