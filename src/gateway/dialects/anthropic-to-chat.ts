/** A Messages request in the words of chat completions. What has no counterpart was named as a need before. */
import type { Backend } from '../../charter/schema.ts';
import type { MessagesRequest } from './anthropic-schema.ts';
import { chatTurns } from './anthropic-turns.ts';

type Chat = Record<string, unknown>;

/** Fields that are carried into a chat; what else a request has is named to who sent it. */
export const carriedFields: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'system', 'max_tokens', 'stream', 'stop_sequences', 'temperature', 'top_p', 'top_k'],
  ...['tools', 'tool_choice', 'thinking', 'output_config'],
]);

export interface ChatOfMessages {
  readonly chat: Chat;
  /** What stands deeper in the request and has no place in a chat, such as `messages.thinking`. */
  readonly dropped: readonly string[];
}

export function chatOfMessages(request: MessagesRequest, backend: Backend): ChatOfMessages {
  const { tools, tool_choice: choice, thinking, output_config: output } = request;
  const dropped = new Set<string>();
  const takesThoughts = backend.passes.includes('reasoning_content');
  const chat: Chat = { model: request.model, messages: chatTurns(request, { takesThoughts, dropped }) };
  set(chat, 'max_tokens', request.max_tokens);
  set(chat, 'temperature', request.temperature);
  set(chat, 'top_p', request.top_p);
  set(chat, 'top_k', request.top_k);
  set(chat, 'stop', request.stop_sequences?.length ? request.stop_sequences : null);
  if (request.stream) Object.assign(chat, { stream: true, stream_options: { include_usage: true } });
  if (tools?.length) chat.tools = tools.map((tool) => chatTool(tool, dropped));
  if (choice != null && tools?.length) {
    chat.tool_choice =
      choice.type === 'tool'
        ? { type: 'function', function: { name: choice.name } }
        : choice.type === 'any'
          ? 'required'
          : choice.type;
    if (choice.disable_parallel_tool_use) chat.parallel_tool_calls = false;
  }
  set(chat, 'reasoning_effort', output?.effort ?? effortOf(thinking));
  const format = output?.format;
  if (format?.type === 'json_schema')
    chat.response_format = {
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: format.schema },
    };
  return { chat, dropped: [...dropped] };
}

function set(chat: Chat, key: string, value: unknown): void {
  if (value != null) chat[key] = value;
}

/** Budgets have no counterpart; the steps are those that providers use when they map the other way (2026-11). */
function effortOf(thinking: MessagesRequest['thinking']): string | null {
  if (thinking == null || thinking.type === 'disabled') return null;
  const budget = thinking.budget_tokens ?? 8_000;
  if (budget <= 2_048) return 'low';
  return budget <= 12_000 ? 'medium' : 'high';
}

type Tool = NonNullable<MessagesRequest['tools']>[number];

function chatTool(tool: Tool, dropped: Set<string>): Chat {
  // A mark of the provider's cache changes no answer.
  const { type: _, cache_control: __, name, description, input_schema: parameters, strict, ...others } = tool;
  for (const key of Object.keys(others)) if (others[key] != null) dropped.add(`tools.${key}`);
  const described: Chat = { name, parameters: parameters ?? { type: 'object', properties: {} } };
  set(described, 'description', description);
  set(described, 'strict', strict);
  return { type: 'function', function: described };
}
