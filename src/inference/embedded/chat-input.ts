import type { ChatHistoryItem } from 'node-llama-cpp';
import { z } from 'zod';

/** What the embedded model can do. Everything else is refused by name before a token is made. */
const text = z.union([z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() }))], {
  error: 'this model takes text alone',
});
const message = z.discriminatedUnion(
  'role',
  [
    z.object({ role: z.enum(['system', 'developer', 'user']), content: text }),
    z.object({ role: z.literal('assistant'), content: text.nullish() }),
  ],
  { error: 'this model knows the roles system, developer, user and assistant' },
);
const unsupported = [
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'logprobs',
  'top_logprobs',
  'response_format',
  'audio',
  'modalities',
  'logit_bias',
] as const;

const penalty = z.number().min(-2).max(2).nullish();
const input = z.object({
  messages: z.array(message).min(1, { error: 'it takes at least one message' }),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: penalty,
  presence_penalty: penalty,
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  n: z.literal(1, { error: 'this model gives one answer' }).nullish(),
});

export interface ChatInput {
  readonly history: readonly ChatHistoryItem[];
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
  | {
      readonly kind: 'refused';
      readonly code: 'unsupported_parameter' | 'invalid_value';
      readonly param: string | null;
      readonly message: string;
    };

/** Where the caller says nothing: what the starter's developer samples with (its model card, 2026-11). OpenAI's 1 makes it babble. */
const DEFAULT_TEMPERATURE = 0.2;
const DEFAULT_TOP_P = 0.9;

export function readChatInput(body: unknown): ReadInput {
  const asked = unsupported.find((name) => isAsked((body as Record<string, unknown> | null)?.[name]));
  if (asked !== undefined) {
    const message = `the embedded model cannot do \`${asked}\`; leave it out`;
    return { kind: 'refused', code: 'unsupported_parameter', param: asked, message };
  }
  const parsed = input.safeParse(body);
  if (parsed.success) return { kind: 'input', input: toInput(parsed.data) };
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') || null;
  const code = issue?.path[0] === 'n' || issue?.path.at(-1) === 'content' ? 'unsupported_parameter' : 'invalid_value';
  const where = param === null ? 'this body' : `\`${param}\``;
  return { kind: 'refused', code, param, message: `the embedded model cannot take ${where}: ${issue?.message}` };
}

function toInput(data: z.infer<typeof input>): ChatInput {
  return {
    history: data.messages.map(toHistory),
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? null,
    temperature: data.temperature ?? DEFAULT_TEMPERATURE,
    topP: data.top_p ?? DEFAULT_TOP_P,
    frequencyPenalty: data.frequency_penalty ?? 0,
    presencePenalty: data.presence_penalty ?? 0,
    seed: data.seed ?? null,
    stops: data.stop == null ? [] : [data.stop].flat().filter((stop) => stop !== ''),
  };
}

/** `null`, `false`, an empty list and plain text as format ask for nothing. */
function isAsked(value: unknown): boolean {
  if (value == null || value === false || value === 'none' || value === 'auto') return false;
  if (typeof value === 'object') {
    if (Array.isArray(value)) return value.length > 0 && !(value.length === 1 && value[0] === 'text');
    return Object.keys(value).length > 0 && (value as { type?: unknown }).type !== 'text';
  }
  return true;
}

function toHistory({ role, content }: z.infer<typeof message>): ChatHistoryItem {
  const said = typeof content === 'string' ? content : (content ?? []).map((part) => part.text).join('');
  if (role === 'assistant') return { type: 'model', response: [said] };
  return { type: role === 'user' ? 'user' : 'system', text: said };
}
