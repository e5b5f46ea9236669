/** A Messages request in the words of chat completions. What has no counterpart was named as a need before. */
import type { Block, MessagesRequest } from './anthropic-schema.ts';

type Chat = Record<string, unknown>;

export function chatOfMessages(request: MessagesRequest): Chat {
  const { tools, tool_choice: choice, thinking, output_config: output } = request;
  const chat: Chat = { model: request.model, messages: chatMessages(request) };
  set(chat, 'max_tokens', request.max_tokens);
  set(chat, 'temperature', request.temperature);
  set(chat, 'top_p', request.top_p);
  set(chat, 'stop', request.stop_sequences?.length ? request.stop_sequences : null);
  if (request.stream) Object.assign(chat, { stream: true, stream_options: { include_usage: true } });
  if (tools?.length) chat.tools = tools.map(chatTool);
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
  return chat;
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

function chatTool(tool: NonNullable<MessagesRequest['tools']>[number]): Chat {
  const { name, description, input_schema: parameters, strict } = tool;
  const described: Chat = { name, parameters: parameters ?? { type: 'object', properties: {} } };
  set(described, 'description', description);
  set(described, 'strict', strict);
  return { type: 'function', function: described };
}

function chatMessages({ system, messages }: MessagesRequest): Chat[] {
  const said: Chat[] = [];
  const rules = typeof system === 'string' ? system : (system ?? []).map(textOf).join('\n\n');
  if (rules !== '') said.push({ role: 'system', content: rules });
  for (const { role, content } of messages) {
    if (typeof content === 'string') said.push({ role, content });
    else if (role === 'assistant') said.push(assistantMessage(content));
    else said.push(...userMessages(content, role));
  }
  return said;
}

function textOf(block: Block): string {
  return typeof block.text === 'string' ? block.text : '';
}

function assistantMessage(blocks: readonly Block[]): Chat {
  const message: Chat = { role: 'assistant', content: null };
  const text = blocks.map(textOf).join('');
  if (text !== '') message.content = text;
  const thoughts = blocks
    .filter(({ type }) => type === 'thinking')
    .map(({ thinking }) => String(thinking ?? ''))
    .join('');
  if (thoughts !== '') message.reasoning_content = thoughts;
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  if (calls.length > 0) {
    message.tool_calls = calls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
  }
  if (message.content === null && message.tool_calls === undefined) message.content = '';
  return message;
}

/** Results of tools stand before everything else, as the conversation of chat completions demands. */
function userMessages(blocks: readonly Block[], role: string): Chat[] {
  const said: Chat[] = [];
  const parts: Chat[] = [];
  for (const block of blocks) {
    if (block.type !== 'tool_result') {
      parts.push(...chatParts([block]));
      continue;
    }
    const inner = Array.isArray(block.content) ? (block.content as Block[]) : [];
    const text = typeof block.content === 'string' ? block.content : inner.map(textOf).join('');
    const content = block.is_error === true ? `Error: ${text}` : text;
    said.push({ role: 'tool', tool_call_id: block.tool_use_id, content });
    parts.push(...chatParts(inner.filter(({ type }) => type !== 'text')));
  }
  const [first, ...others] = parts;
  if (first !== undefined)
    said.push({ role, content: others.length === 0 && first.type === 'text' ? first.text : parts });
  return said;
}

function chatParts(blocks: readonly Block[]): Chat[] {
  return blocks.map(chatPart).filter((part) => part !== null);
}

interface Source {
  readonly type?: string;
  readonly media_type?: string;
  readonly data?: string;
  readonly url?: string;
}

function chatPart(block: Block): Chat | null {
  const source = (block.source ?? {}) as Source;
  if (block.type === 'text') return { type: 'text', text: block.text };
  const url = source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`;
  if (block.type === 'image') return { type: 'image_url', image_url: { url } };
  if (block.type === 'document' && source.type === 'text') return { type: 'text', text: source.data };
  if (block.type === 'document')
    return { type: 'file', file: { filename: String(block.title ?? 'document.pdf'), file_data: url } };
  return null;
}
