import type { ChatHistoryItem } from 'node-llama-cpp';
import { z } from 'zod';

/** What the embedded model can do. Everything else is refused by name before a token is made. */
const text = z.union([z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() }))]);
const message = z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content: text });
const unsupported = [
  'tools',
  'tool_choice',
  'functions',
  'logprobs',
  'top_logprobs',
  'response_format',
  'audio',
  'modalities',
  'logit_bias',
] as const;

const input = z.object({
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.literal(1, { error: 'this model gives one answer' }).nullish(),
});

export interface ChatInput {
  readonly history: ChatHistoryItem[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly maxTokens: number | null;
  readonly temperature: number;
  readonly topP: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  readonly seed: number | null;
  readonly stops: readonly string[];
}

export type ReadInput =
  | { readonly kind: 'input'; readonly input: ChatInput }
  | { readonly kind: 'refused'; readonly param: string | null; readonly message: string };

/** OpenAI's own defaults where the caller says nothing. */
const DEFAULT_TEMPERATURE = 0.7;

export function readChatInput(body: unknown): ReadInput {
  const asked = unsupported.find((name) => isAsked((body as Record<string, unknown> | null)?.[name]));
  if (asked !== undefined)
    return { kind: 'refused', param: asked, message: `the embedded model cannot do \`${asked}\`; leave it out` };
  const parsed = input.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? null;
    return { kind: 'refused', param, message: `the embedded model cannot take \`${param}\`: ${issue?.message}` };
  }
  const { data } = parsed;
  return {
    kind: 'input',
    input: {
      history: data.messages.map(toHistory),
      stream: data.stream ?? false,
      includeUsage: data.stream_options?.include_usage ?? false,
      maxTokens: data.max_completion_tokens ?? data.max_tokens ?? null,
      temperature: data.temperature ?? DEFAULT_TEMPERATURE,
      topP: data.top_p ?? 1,
      frequencyPenalty: data.frequency_penalty ?? 0,
      presencePenalty: data.presence_penalty ?? 0,
      seed: data.seed ?? null,
      stops: data.stop == null ? [] : [data.stop].flat().filter((stop) => stop !== ''),
    },
  };
}

/** `null`, `false`, an empty list and plain text as format ask for nothing. */
function isAsked(value: unknown): boolean {
  if (value == null || value === false || value === 'none' || (Array.isArray(value) && value.length === 0))
    return false;
  return (value as { type?: unknown }).type !== 'text';
}

function toHistory({ role, content }: z.infer<typeof message>): ChatHistoryItem {
  const said = typeof content === 'string' ? content : content.map((part) => part.text).join('');
  if (role === 'assistant') return { type: 'model', response: [said] };
  return { type: role === 'user' ? 'user' : 'system', text: said };
}
