import { type ChatRequest, OUTPUT_TOKENS_MAX } from './openai-chat-schema.ts';

const ROLES = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
/** What the schema looks at and this does not: a request that has one of them is read by the schema. */
const BEYOND = [
  'stream_options',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'stop',
  'tools',
  'prompt_cache_key',
] as const;
const MODEL_CHARACTERS_MAX = 128;

/**
 * Whether a value is a chat request of the commonest form. What passes is right by the schema too, which costs ten times as
 * much; what does not pass is the schema's to judge, and to explain. A test holds the one to the other.
 */
export function isPlainChat(value: unknown): value is ChatRequest {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const request = value as Record<string, unknown>;
  for (const name of BEYOND) if (request[name] != null) return false;
  const { model, messages, stream, n, temperature, top_p, max_tokens, max_completion_tokens } = request;
  return (
    isName(model) &&
    areMessages(messages) &&
    (stream == null || typeof stream === 'boolean') &&
    (n == null || n === 1) &&
    isWithin(temperature, 2) &&
    isWithin(top_p, 1) &&
    isBound(max_tokens) &&
    isBound(max_completion_tokens)
  );
}

function isName(model: unknown): boolean {
  return typeof model === 'string' && model !== '' && model.length <= MODEL_CHARACTERS_MAX;
}

function areMessages(messages: unknown): boolean {
  if (!Array.isArray(messages) || messages.length === 0) return false;
  for (const message of messages) {
    if (message === null || typeof message !== 'object' || Array.isArray(message)) return false;
    const { role, content } = message as Record<string, unknown>;
    if (typeof role !== 'string' || !ROLES.has(role)) return false;
    if (content != null && typeof content !== 'string') return false;
  }
  return true;
}

function isWithin(value: unknown, most: number): boolean {
  return value == null || (typeof value === 'number' && value >= 0 && value <= most);
}

function isBound(value: unknown): boolean {
  return value == null || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= OUTPUT_TOKENS_MAX);
}
